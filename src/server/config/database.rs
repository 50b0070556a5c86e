//! The setting `database`: PostgreSQL's address, judged before anything connects. What is said of it never holds its words,
//! among which a password may stand.

use super::Secret;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;
use std::str::FromStr as _;

/// What may stand behind the `?`; a misspelt one would be passed over.
const KNOWN: [&str; 11] = [
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "options",
];

/// What is wrong with the address; nothing, as a rule.
pub(super) fn fault(database: &Secret) -> Option<&'static str> {
    let url = database.expose();
    let is_ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let parsed = reqwest::Url::parse(url).ok();
    let (Some(parsed), Ok(options), true) = (parsed, PgConnectOptions::from_str(url), is_ours) else {
        return Some("it must be an address like postgres://user@host:5432/cabinet?sslmode=verify-full");
    };
    if parsed
        .query_pairs()
        .any(|(name, _)| !KNOWN.contains(&&*name) && !name.starts_with("options["))
    {
        return Some("one of the parameters behind the ? is unknown; see docs/operations.md");
    }
    let encrypted = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    if !encrypted && !is_here(&options) {
        return Some(
            "personal data goes there: beyond this machine it needs sslmode=verify-full (and sslrootcert, the file of \
             the authority that certified the database's server)",
        );
    }
    None
}

/// A socket of this machine, or its loopback.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// Where it is, without user and password: for messages.
pub(super) fn place(database: &Secret) -> String {
    match PgConnectOptions::from_str(database.expose()) {
        Ok(options) => {
            let name = options.get_database().unwrap_or_else(|| options.get_username());
            match options.get_socket() {
                Some(socket) => format!("{name} in {}", socket.display()),
                None => format!("{name} at {}:{}", options.get_host(), options.get_port()),
            }
        }
        Err(_) => "of the setting `database`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(url: &str) -> Option<&'static str> {
        fault(&Secret::new(url))
    }

    #[test]
    fn beyond_this_machine_only_a_verified_server_is_spoken_to() {
        for here in [
            "postgres:///cabinet?host=/run/postgresql",
            "postgres://cabinet@127.0.0.1:5432/cabinet",
            "postgresql://cabinet@localhost/cabinet",
            "postgres://cabinet@[::1]/cabinet",
            "postgres://cabinet:tell-nobody@db.fund.example/cabinet?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        ] {
            assert_eq!(judged(here), None, "{here}");
        }
        for beyond in [
            "postgres://cabinet@db.fund.example/cabinet",
            "postgres://cabinet@db.fund.example/cabinet?sslmode=require",
            "postgres://cabinet@db.fund.example/cabinet?sslmode=verify-ca",
            "postgres://cabinet@10.0.0.1/cabinet?sslmode=disable",
            "postgres://cabinet@127.0.0.1/cabinet?host=db.fund.example",
        ] {
            assert!(
                judged(beyond).is_some_and(|why| why.contains("verify-full")),
                "{beyond}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_its_words() {
        for wrong in [
            "mysql://cabinet:tell-nobody@localhost/cabinet",
            "postgres://cabinet:tell-nobody@localhost:port/cabinet",
            "tell-nobody",
            "postgres://cabinet@localhost/cabinet?pasword=tell-nobody",
            "postgres://cabinet:tell-nobody@localhost/cabinet?sslmode=perhaps",
        ] {
            let why = judged(wrong).unwrap_or_else(|| panic!("{wrong} is taken"));
            assert!(!why.contains("tell-nobody"), "{why}");
        }
        let place = place(&Secret::new(
            "postgres://someone:tell-nobody@db.example:6432/cabinet",
        ));
        assert_eq!(place, "cabinet at db.example:6432");
    }
}
