// The phone's page: hands pictures and presses to the phone behind it and shows what that one shows.
"use strict";

const at = (id) => document.getElementById(id);
const lang = document.documentElement.lang;
let ticket = null;

function say(text) {
  at("message").textContent = text;
}

async function ask(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lang, ...body }),
  });
  return answer.json();
}

// Any picture the browser can read becomes a PNG, whatever it was.
async function asPng(file) {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}

async function open(body) {
  at("shown").hidden = true;
  at("back").hidden = true;
  say(document.body.dataset.wait);
  try {
    const opened = await ask("/phone/open", body);
    if (opened.error) {
      say(opened.error);
      return;
    }
    ticket = opened.ticket;
    show(opened.shown);
    if (opened.own_key) {
      at("key").value = opened.own_key;
    }
    say("");
  } catch (error) {
    say(String(error));
  }
}

function show(shown) {
  const inLanguage = (kz, ru, en) => ({ kk: kz, ru, en })[lang];
  at("description").textContent = shown.description;
  // Day and minute, as the real app writes them.
  const [, year, month, day, minute] = shown.expiry_date.match(/^(\d+)-(\d+)-(\d+)T(\d+:\d+)/);
  at("expiry").textContent = `${day}-${month}-${year}, ${minute}`;
  at("organisation").textContent = inLanguage(
    shown.organisation_kz,
    shown.organisation_ru,
    shown.organisation_en,
  );
  at("documents").replaceChildren(
    ...shown.documents.map((paper, index) => {
      const block = document.createElement("article");
      const name = document.createElement("h4");
      name.textContent = inLanguage(paper.name_kz, paper.name_ru, paper.name_en);
      const rows = document.createElement("dl");
      for (const [label, value] of paper.meta) {
        const term = document.createElement("dt");
        term.textContent = label;
        const described = document.createElement("dd");
        described.textContent = value;
        rows.append(term, described);
      }
      const link = document.createElement("a");
      link.href = `/phone/document/${ticket}/${index}`;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = at("documents").dataset.open;
      block.append(name, rows, link);
      return block;
    }),
  );
  at("shown").hidden = false;
  at("description").focus();
}

async function answer(behaviour) {
  at("sign").disabled = at("refuse").disabled = true;
  say(document.body.dataset.wait);
  try {
    const key = behaviour === "refuse" ? null : at("key").value;
    const outcome = await ask("/phone/answer", { ticket, key, behaviour });
    say(outcome.message);
    document.body.dataset.result = outcome.result;
    if (outcome.result === "done") {
      at("shown").hidden = true;
    }
    if (outcome.back_url) {
      at("back").href = outcome.back_url;
      at("back").hidden = false;
    }
  } catch (error) {
    say(String(error));
  }
  at("sign").disabled = at("refuse").disabled = false;
}

at("scan").addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = at("picture").files[0];
  const link = at("link").value.trim();
  await open(file ? { png_base64: await asPng(file) } : { link });
});
at("picture").addEventListener("change", async () => {
  if (at("picture").files[0]) {
    await open({ png_base64: await asPng(at("picture").files[0]) });
  }
});
document.addEventListener("paste", async (event) => {
  const picture = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
  if (picture) {
    event.preventDefault();
    await open({ png_base64: await asPng(picture) });
  }
});
at("sign").addEventListener("click", () => answer(at("behaviour").value));
at("refuse").addEventListener("click", () => answer("refuse"));

// Come by the button of the cabinet's page: the code is in the address.
const brought = at("link").value;
if (brought) {
  open({ link: `mobileSign:${brought}` });
}
