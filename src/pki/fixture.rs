//! The minted test authority the tests of this room share: a root, an authority under it, and the people they certify, in
//! GOST and in RSA.

use std::sync::LazyLock;

use super::{Anchors, Content, Instant, Purpose, Refusal, Verified, verify};
use crate::demo::mint::{Authority, Cms, Credential, Key, Person, Template, Urls};

pub(crate) const DOCUMENT: &[u8] = "Заявление: прошу изменить мои реквизиты".as_bytes();
pub(crate) const ALIYA: Person<'static> = Person {
    surname: "СЕРІКОВА",
    given_name: "ӘЛИЯ",
    patronymic: Some("МАРАТҚЫЗЫ"),
    iin: "900101450001",
};
pub(crate) const BOLAT: Person<'static> = Person {
    surname: "ОМАРОВ",
    given_name: "БОЛАТ",
    patronymic: None,
    iin: "850202350002",
};

pub(crate) fn at(text: &str) -> Instant {
    Instant::from_rfc3339(text).unwrap()
}

/// When everything happens unless a test says otherwise.
pub(crate) fn now() -> Instant {
    at("2026-10-01T00:00:00Z")
}

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const YEAR: i64 = 365 * DAY;

/// An authority with its root and one person.
pub(crate) struct World {
    pub(crate) root: Authority,
    pub(crate) authority: Authority,
    pub(crate) anchors: Anchors,
    pub(crate) aliya: Credential,
}

static GOST: LazyLock<World> = LazyLock::new(|| World::build("", Key::gost));
static RSA: LazyLock<World> = LazyLock::new(|| {
    World::build("", |name| {
        Key::rsa(
            ["root", "authority", "aliya"]
                .iter()
                .position(|known| *known == name)
                .unwrap(),
        )
    })
});

impl World {
    pub(crate) fn gost() -> &'static Self {
        &GOST
    }

    pub(crate) fn rsa() -> &'static Self {
        &RSA
    }

    /// Another authority with the very same names and other keys.
    pub(crate) fn impostor() -> Self {
        Self::build("impostor ", Key::gost)
    }

    fn build(seed: &str, key: impl Fn(&str) -> Key) -> Self {
        let key = |name: &str| key(&format!("{seed}{name}"));
        let (from, to) = (now().plus_seconds(-4 * YEAR), now().plus_seconds(6 * YEAR));
        let root = Authority::root("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (СЫНАҚ)", key("root"), from, to);
        let authority = root.subordinate("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (СЫНАҚ)", key("authority"), from, to);
        let anchors = Anchors::from_der(&[root.certificate.clone(), authority.certificate.clone()]).unwrap();
        let aliya_key = key("aliya");
        let aliya = authority.credential(&person(&ALIYA, &aliya_key), aliya_key);
        Self {
            root,
            authority,
            anchors,
            aliya,
        }
    }

    /// The template of Aliya's certificate and her key, to be bent before the authority signs it.
    pub(crate) fn aliya_template(&self) -> Template {
        person(&ALIYA, &self.aliya.key)
    }

    /// Aliya with a certificate of another shape.
    pub(crate) fn aliya_with(&self, bend: impl FnOnce(Template) -> Template) -> Credential {
        self.authority
            .credential(&bend(self.aliya_template()), Key::gost("aliya"))
    }

    /// A sound attached signature over the document.
    pub(crate) fn cms<'k>(&self, signer: &'k Credential) -> Cms<'k> {
        Cms::new(signer, DOCUMENT, true, now())
    }

    pub(crate) fn verdict(&self, cms: &[u8]) -> Result<Verified, Refusal> {
        self.verdict_for(cms, Purpose::Document)
    }

    pub(crate) fn verdict_for(&self, cms: &[u8], purpose: Purpose) -> Result<Verified, Refusal> {
        verify(cms, Content::Attached(DOCUMENT), purpose, now(), &self.anchors)
    }

    /// The reason why a sound signature, bent, is refused.
    pub(crate) fn refusal(&self, bend: impl FnOnce(&mut Cms<'_>)) -> Refusal {
        let mut cms = self.cms(&self.aliya);
        bend(&mut cms);
        self.verdict(&cms.encode())
            .map(|verified| verified.signer)
            .unwrap_err()
    }

    /// The reason why a sound signature by this certificate is refused.
    pub(crate) fn refusal_of(&self, signer: &Credential) -> Refusal {
        self.verdict(&self.cms(signer).encode())
            .map(|verified| verified.signer)
            .unwrap_err()
    }
}

/// The template of a person's certificate, valid for a year around [`now`].
pub(crate) fn person(person: &Person<'_>, key: &Key) -> Template {
    Template::person(
        person,
        key,
        now().plus_seconds(-YEAR / 2),
        now().plus_seconds(YEAR / 2),
        Urls::default(),
    )
}
