//! The stand-in for Slack's Web API.
//!
//! A call passes in Slack's own order: does the method exist, who calls, may this kind of token, how often, with what
//! scope, with what arguments. HTTP is 200 for all but too many requests; `ok` says how it went.

mod arguments;
mod auth;
mod conversations;
mod cursor;
mod failure;
mod history;
mod posting;
mod rates;
mod rich_text;
mod search;
mod shapes;
mod state;
mod user_groups;
mod users;

use axum::http::Method as HttpMethod;
use serde_json::{Value, json};

use super::{
    Credentials, Options, SlackApp, SlackRates,
    fault::{LimitForm, RetryAfter},
    front::StandIn,
    record,
    reply::{Call, Reply},
};
use arguments::Arguments;
use auth::{Grant, Tokens};
use failure::Failure;
use rates::Rates;
use state::State;

const TEAM: &str = "T0ACME";
const WORKSPACE: &str = "https://acme.slack.com/";

type Answer = Result<Value, Failure>;

/// One method of the Web API.
struct Method {
    name: &'static str,
    /// Calls a minute.
    rate: fn(&SlackRates, SlackApp) -> u32,
    /// Only for user tokens.
    user_only: bool,
    /// Needed whatever the arguments are; the rest is the handler's to ask for.
    scope: Option<&'static str>,
    /// Whether it reads a JSON body. The reading methods ignore one.
    json: bool,
    run: fn(&Slack, &Request<'_>) -> Answer,
}

/// What a method's handler sees.
struct Request<'a> {
    arguments: Arguments,
    grant: &'a Grant,
}

const fn read(
    name: &'static str,
    rate: fn(&SlackRates, SlackApp) -> u32,
    run: fn(&Slack, &Request<'_>) -> Answer,
) -> Method {
    Method {
        name,
        rate,
        user_only: false,
        scope: None,
        json: false,
        run,
    }
}

const TIER2: fn(&SlackRates, SlackApp) -> u32 = |rates, _| rates.tier2;
const TIER3: fn(&SlackRates, SlackApp) -> u32 = |rates, _| rates.tier3;
const TIER4: fn(&SlackRates, SlackApp) -> u32 = |rates, _| rates.tier4;
/// History and replies are tier 1 for commercial apps outside the Marketplace.
const HISTORY: fn(&SlackRates, SlackApp) -> u32 = |rates, app| match app {
    SlackApp::Internal => rates.tier3,
    SlackApp::Commercial => rates.tier1,
};

const METHODS: [Method; 15] = [
    Method {
        json: true,
        ..read("auth.test", TIER4, users::auth_test)
    },
    read("conversations.list", TIER2, conversations::list),
    read("conversations.info", TIER3, conversations::info),
    read("conversations.members", TIER4, conversations::members),
    read("conversations.history", HISTORY, history::history),
    read("conversations.replies", HISTORY, history::replies),
    Method {
        scope: Some("users:read"),
        ..read("users.list", TIER2, users::list)
    },
    Method {
        scope: Some("users:read"),
        ..read("users.info", TIER4, users::info)
    },
    Method {
        scope: Some("users:read"),
        ..read("bots.info", TIER3, users::bot)
    },
    Method {
        scope: Some("usergroups:read"),
        ..read("usergroups.list", TIER2, user_groups::list)
    },
    Method {
        scope: Some("users:read.email"),
        ..read("users.lookupByEmail", TIER3, users::lookup_by_email)
    },
    Method {
        scope: Some("search:read"),
        user_only: true,
        ..read("search.messages", TIER2, search::messages)
    },
    // Paced per channel, by its handler.
    Method {
        scope: Some("chat:write"),
        json: true,
        ..read("chat.postMessage", |_, _| u32::MAX, posting::post_message)
    },
    read("chat.getPermalink", TIER4, posting::permalink),
    Method {
        scope: Some("reactions:write"),
        json: true,
        ..read("reactions.add", TIER3, posting::add_reaction)
    },
];

/// The stand-in.
pub(super) struct Slack {
    tokens: Tokens,
    app: SlackApp,
    limits: SlackRates,
    rates: Rates,
    state: State,
}

impl Slack {
    pub(super) fn new(options: &Options, credentials: &Credentials) -> Self {
        Self {
            tokens: Tokens::new(options, credentials),
            app: options.slack_app,
            limits: options.slack_rates,
            rates: Rates::default(),
            state: State::default(),
        }
    }

    fn call(&self, call: &Call) -> Answer {
        let name = method_name(call);
        let method = METHODS.iter().find(|method| method.name == name);
        let method = method.ok_or_else(|| Failure::new("unknown_method").with("req_method", name))?;
        if call.method != HttpMethod::GET && call.method != HttpMethod::POST {
            return Err(Failure::new("invalid_arguments").detail("[ERROR] unsupported HTTP method"));
        }
        let grant = self.tokens.grant(call.bearer())?;
        if method.user_only && !grant.is_user {
            return Err(Failure::new("not_allowed_token_type"));
        }
        self.rates.take(method.name, (method.rate)(&self.limits, self.app))?;
        if let Some(scope) = method.scope {
            grant.require(&[scope])?;
        }
        let arguments = Arguments::read(call, method.json)?;
        let warnings = arguments.warnings.clone();
        let mut answer = (method.run)(self, &Request { arguments, grant })?;
        warn(&mut answer, &warnings);
        Ok(answer)
    }
}

impl StandIn for Slack {
    fn names(&self, call: &Call) -> Vec<String> {
        vec![method_name(call).to_owned()]
    }

    fn credentials(&self, call: &Call) -> Vec<String> {
        record::name_of(
            call.bearer(),
            &[
                ("slack_bot_token", &self.tokens.bot),
                ("slack_user_token", &self.tokens.user),
            ],
        )
    }

    async fn answer(&self, call: &Call) -> Reply {
        let scopes = self
            .tokens
            .grant(call.bearer())
            .map(|grant| grant.scopes.join(","))
            .unwrap_or_default();
        let reply = match self.call(call) {
            Ok(mut answer) => {
                if let Value::Object(fields) = &mut answer {
                    fields.shift_insert(0, "ok".to_owned(), true.into());
                }
                Reply::json(200, &answer)
            }
            Err(failure) => match failure.retry_after {
                Some(seconds) => self.too_many(LimitForm::Primary, Some(&RetryAfter::Seconds(seconds))),
                None => Reply::json(200, &failure.body()),
            },
        };
        reply
            .with("x-oauth-scopes", scopes)
            .with("x-slack-req-id", super::world::spread(&format!("{call:?}")))
    }

    fn too_many(&self, _: LimitForm, retry_after: Option<&RetryAfter>) -> Reply {
        let reply = Reply::json(429, &json!({ "ok": false, "error": "ratelimited" }));
        match retry_after {
            Some(after) => reply.with("retry-after", after.header()),
            None => reply,
        }
    }

    /// Slack refuses with 200; any other refusal comes from what stands in front of it.
    fn failure(&self, status: u16) -> Reply {
        if status < 500 {
            return Reply::new(status, "text/plain", "refused");
        }
        let error = if status == 503 {
            "service_unavailable"
        } else {
            "internal_error"
        };
        Reply::json(status, &json!({ "ok": false, "error": error }))
    }
}

fn method_name(call: &Call) -> &str {
    call.path.strip_prefix("/api/").unwrap_or(&call.path)
}

/// Slack says the first warning by name and lists all of them beside the cursor.
fn warn(answer: &mut Value, warnings: &[&'static str]) {
    if let (Value::Object(fields), Some(first)) = (answer, warnings.first()) {
        fields.insert("warning".to_owned(), json!(first));
        let metadata = fields.entry("response_metadata").or_insert_with(|| json!({}));
        if let Value::Object(metadata) = metadata {
            metadata.insert("warnings".to_owned(), json!(warnings));
        }
    }
}
