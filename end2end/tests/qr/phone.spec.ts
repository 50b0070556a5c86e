// On the phone itself, and with the phone in the other hand: the demo's phone as a person holds it.
import { expect, test } from "../../fixtures";
import { SIGNED, atTheCode, comeBack, number, picture } from "../../qr";
import { heading, people } from "../../walk";

test.describe(() => {
  test.use({
    userAgent:
      "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  });

  test("on a phone the button that opens eGov mobile stands first, and leads back signed @demo", async ({
    page,
    demo,
    t,
  }) => {
    const code = await atTheCode(page, t, people.erlan);
    const compared = await number(page);
    const open = page.getByRole("link", { name: t("qr_open_app") });
    const [button, card] = [(await open.boundingBox())!, (await code.boundingBox())!];
    expect(button.y + button.height).toBeLessThanOrEqual(card.y);
    const link = (await open.getAttribute("href"))!;
    expect(link).toMatch(/\?link=http:\/\/127\.0\.0\.1:\d+\/s\/[\w-]{22}\/mgovSign$/);
    expect(link).toContain(demo.url);
    await expect(page.getByRole("button", { name: t("sign_eds") })).toHaveCount(0);

    await open.tap();
    await expect(page.getByRole("heading", { level: 2 })).toContainText(compared);
    await page.getByRole("button", { name: "Қол қою", exact: true }).tap();
    await expect(page.getByRole("status")).toHaveText(SIGNED);
    await page.getByRole("link", { name: "Артқа" }).tap();
    await heading(page, t("done_title"));
    await expect(page.getByText(SIGNED).first()).toBeVisible();
  });

  test("refused in the app, which is another program: the page left behind says so @demo", async ({
    page,
    context,
    t,
  }) => {
    await atTheCode(page, t, people.aliya);
    const app = await context.newPage();
    await app.goto((await page.getByRole("link", { name: t("qr_open_app") }).getAttribute("href"))!);
    await expect(app.getByRole("heading", { level: 2 })).toBeVisible();
    await app.getByRole("button", { name: "Бас тарту" }).tap();
    await expect(app.getByRole("status")).toHaveText("Сіз қол қоюдан бас тарттыңыз");
    await app.close();
    await comeBack(page);
    await expect(page.getByText(t("qr_refused"), { exact: true }).first()).toBeVisible();
    await page.getByRole("button", { name: t("qr_new") }).tap();
    await expect(page.getByRole("link", { name: t("qr_open_app") })).toBeVisible();
  });
});

test("a phone in the hand: it reads the picture, shows what it signs, and both screens say the words @demo", async ({
  page,
  context,
  demo,
  t,
}) => {
  const code = await atTheCode(page, t, people.aliya);
  const [compared, png] = [await number(page), await picture(page, code)];
  const phone = await context.newPage();
  await phone.goto(`${demo.url}/phone`);
  await phone.getByLabel("QR-код бар сурет").setInputFiles({
    name: "screen.png",
    mimeType: "image/png",
    buffer: Buffer.from(png, "base64"),
  });
  await expect(phone.getByRole("heading", { level: 2 })).toContainText(compared);
  await expect(phone.getByText(/^\d\d-\d\d-\d{4}, \d\d:\d\d$/)).toBeVisible();
  await expect(phone.getByText("•••• •••• 0009")).toBeVisible();
  const [paper] = await Promise.all([
    phone.waitForEvent("popup"),
    phone.getByRole("link", { name: "Құжатты ашу" }).click(),
  ]);
  expect(paper.url()).toContain("/phone/document/");
  await phone.getByRole("button", { name: "Қол қою", exact: true }).click();
  await expect(phone.getByRole("status")).toHaveText(SIGNED);
  await heading(page, t("done_title"));
  await expect(page.getByText(SIGNED).first()).toBeVisible();
});
