//! Who works at acme, in Slack and on GitHub, and the bots.

/// An account in Slack, and the GitHub login that goes with it.
#[derive(Debug)]
pub(in super::super) struct Person {
    /// Slack's id.
    pub(in super::super) id: String,
    /// The handle, and the e-mail address before the `@`.
    pub(in super::super) handle: String,
    pub(in super::super) real_name: String,
    /// Empty for many: clients fall back to the real name.
    pub(in super::super) display_name: String,
    pub(in super::super) title: &'static str,
    /// IANA name, label, seconds east of Greenwich.
    pub(in super::super) time_zone: (&'static str, &'static str, i64),
    pub(in super::super) kind: Kind,
    pub(in super::super) login: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Member,
    Admin,
    Guest,
    /// Left the company.
    Deactivated,
    /// The account behind a bot.
    Bot,
}

impl Person {
    pub(in super::super) fn email(&self) -> String {
        format!("{}@acme.example", self.handle)
    }
}

/// An integration that posts. `user` is its account, where it has one.
#[derive(Debug)]
pub(in super::super) struct Bot {
    pub(in super::super) id: &'static str,
    pub(in super::super) app: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) user: Option<&'static str>,
}

/// A set of people who are mentioned together.
#[derive(Debug)]
pub(in super::super) struct Group {
    pub(in super::super) id: &'static str,
    pub(in super::super) handle: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) members: &'static [&'static str],
    /// When it was disabled, where it was.
    pub(in super::super) disabled: Option<i64>,
}

pub(in super::super) const ADA: &str = "U0ADA";
pub(in super::super) const MONA: &str = "U0MONA";
pub(in super::super) const KENJI: &str = "U0KENJI";
pub(in super::super) const PRIYA: &str = "U0PRIYA";
pub(in super::super) const LUCAS: &str = "U0LUCAS";
pub(in super::super) const INES: &str = "U0INES";
pub(in super::super) const OMAR: &str = "U0OMAR";
pub(in super::super) const GUEST: &str = "U0VERA";
/// The account that the tokens belong to.
pub(in super::super) const BRAID: &str = "U0BRAID";
pub(in super::super) const BRAID_BOT: &str = "B0BRAID";
pub(in super::super) const DATADOG_BOT: &str = "B0DATADOG";
pub(in super::super) const DEPLOY_BOT: &str = "B0DEPLOY";
pub(in super::super) const GITHUB_BOT: &str = "B0GITHUB";

const VIENNA: (&str, &str, i64) = ("Europe/Vienna", "Central European Time", 3_600);
const LAGOS: (&str, &str, i64) = ("Africa/Lagos", "West Africa Time", 3_600);
const TOKYO: (&str, &str, i64) = ("Asia/Tokyo", "Japan Standard Time", 32_400);
const DENVER: (&str, &str, i64) = ("America/Denver", "Mountain Time", -25_200);
const KOLKATA: (&str, &str, i64) = ("Asia/Kolkata", "India Standard Time", 19_800);

pub(in super::super) fn people() -> Vec<Person> {
    use Kind::{Admin, Bot, Deactivated, Guest, Member};
    // A table, one person a line: id, handle, real name, display name, title, time zone, kind, login.
    #[rustfmt::skip]
    let told = [
        (ADA, "ada", "Ada Abara", "Ada Abara", "Engineering manager, Checkout", LAGOS, Admin, Some("ada-abara")),
        (MONA, "mona", "Mona Castle", "mona", "Staff engineer", VIENNA, Member, Some("mona")),
        (KENJI, "kenji", "Kenji Sato", "kenji", "Software engineer, Payments", TOKYO, Member, Some("kenji-sato")),
        (PRIYA, "priya", "Priya Raman", "Priya", "Site reliability engineer", KOLKATA, Member, Some("priya-raman")),
        (LUCAS, "lucas", "Lucas Ferreira", "", "Software engineer, Web", DENVER, Member, Some("lferreira")),
        (INES, "ines", "Inés Núñez", "Inés 🌵", "Customer support lead", VIENNA, Member, None),
        (OMAR, "omar", "Omar Haddad", "omar & co", "Product manager, Checkout", VIENNA, Member, Some("ohaddad")),
        (GUEST, "vera", "Vera Lind", "Vera (Paylane)", "Integration partner", VIENNA, Guest, None),
        ("U0OLEG", "oleg", "Oleg Marin", "oleg", "Former release manager", VIENNA, Deactivated, None),
        (BRAID, "braid", "Braid", "braid", "", DENVER, Bot, None),
        ("U0DEPLOY", "deploybot", "Deploys", "", "", DENVER, Bot, None),
        ("USLACKBOT", "slackbot", "Slackbot", "Slackbot", "", DENVER, Bot, None),
    ];
    let told = told.into_iter().map(
        |(id, handle, real_name, display_name, title, time_zone, kind, login)| Person {
            id: id.to_owned(),
            handle: handle.to_owned(),
            real_name: real_name.to_owned(),
            display_name: display_name.to_owned(),
            title,
            time_zone,
            kind,
            login: login.map(str::to_owned),
        },
    );
    told.chain(colleagues()).collect()
}

/// Forty-eight more, so that the directory takes several small pages.
fn colleagues() -> impl Iterator<Item = Person> {
    const FIRST: [&str; 8] = ["Alma", "Bruno", "Chloe", "Dario", "Elif", "Femi", "Greta", "Hana"];
    const LAST: [&str; 6] = ["Okafor", "Lindqvist", "Moreau", "Tanaka", "Weiss", "Silva"];
    let names = LAST
        .iter()
        .flat_map(|last| FIRST.iter().map(move |first| (first, last)));
    names.enumerate().map(|(index, (first, last))| Person {
        id: format!("U0CREW{index:02}"),
        handle: format!("{}.{}", first.to_lowercase(), last.to_lowercase()),
        real_name: format!("{first} {last}"),
        display_name: if index.is_multiple_of(3) {
            String::new()
        } else {
            format!("{first} {}", last.chars().take(1).collect::<String>())
        },
        title: ["Software engineer", "Data analyst", "Designer", "Support agent"]
            .get(index % 4)
            .copied()
            .unwrap_or_default(),
        time_zone: [VIENNA, LAGOS, TOKYO, DENVER, KOLKATA]
            .get(index % 5)
            .copied()
            .unwrap_or(VIENNA),
        kind: if index % 11 == 7 {
            Kind::Deactivated
        } else {
            Kind::Member
        },
        login: (index.is_multiple_of(2)).then(|| format!("{}-{}", first.to_lowercase(), last.to_lowercase())),
    })
}

pub(in super::super) fn bots() -> Vec<Bot> {
    vec![
        Bot {
            id: BRAID_BOT,
            app: "A0BRAID",
            name: "braid",
            user: Some(BRAID),
        },
        Bot {
            id: DATADOG_BOT,
            app: "A0DATADOG",
            name: "Datadog",
            user: None,
        },
        Bot {
            id: DEPLOY_BOT,
            app: "A0DEPLOY",
            name: "Deploys",
            user: Some("U0DEPLOY"),
        },
        Bot {
            id: GITHUB_BOT,
            app: "A0GITHUB",
            name: "GitHub",
            user: None,
        },
    ]
}

pub(in super::super) fn groups() -> Vec<Group> {
    vec![
        Group {
            id: "S0ONCALL",
            handle: "on-call",
            name: "On call",
            members: &[PRIYA, KENJI],
            disabled: None,
        },
        Group {
            id: "S0LEADS",
            handle: "tech-leads",
            name: "Tech leads",
            members: &[ADA, MONA],
            disabled: None,
        },
        Group {
            id: "S0LAUNCH",
            handle: "launch-2025",
            name: "Launch 2025",
            members: &[LUCAS, INES],
            disabled: Some(super::clock::days_before(90, super::clock::at(9, 0))),
        },
    ]
}
