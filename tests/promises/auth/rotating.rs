//! Slack with token rotation in front of the sandbox's: tokens end, a refresh token is good for one use.

use super::{basic, has, host};
use crate::promises::support::{Peer, Reply, Seen, Setup};
use base64::Engine as _;
use serde_json::{Value, json};
use sha2::Digest as _;
use std::sync::{Arc, Mutex, MutexGuard};

const TOKENS: &str = "/api/oauth.v2.access";

/// The stand-in, and what it remembers.
pub(super) struct Rotating {
    pub(super) peer: Peer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(super) struct State {
    /// How many tokens were given out.
    pub(super) given: u32,
    /// The token that is good.
    pub(super) token: String,
    /// The refresh token that is good, and the one before where it is taken once more.
    pub(super) refresh: Vec<String>,
    /// Whether the token endpoint falls silent after it has used a refresh token up.
    pub(super) falls_silent: bool,
    /// Whether a refresh token that was used up is taken once more.
    pub(super) is_lenient: bool,
    /// The challenge of the page that was opened, and where it sends the browser.
    pub(super) asked: Option<(String, String)>,
    /// Whether the tokens are a user's.
    pub(super) is_users: bool,
}

impl Rotating {
    pub(super) async fn start(setup: &Setup) -> Self {
        let state = Arc::new(Mutex::new(State {
            refresh: vec!["r0".to_owned()],
            ..State::default()
        }));
        let behind = host(&setup.sandbox.slack_api);
        let credentials = setup.sandbox.credentials.clone();
        let remembered = Arc::clone(&state);
        let peer = Peer::start(move |seen| {
            let mut state = remembered.lock().unwrap();
            match seen.path() {
                "/oauth/v2/authorize" => state.authorize(seen),
                TOKENS => state.exchange(seen),
                _ if !state.token.is_empty() && has(seen, "authorization", &format!("Bearer {}", state.token)) => {
                    let token = if state.is_users {
                        &credentials.slack_user_token
                    } else {
                        &credentials.slack_bot_token
                    };
                    Reply::ForwardAs(behind.clone(), token.clone())
                }
                _ => Reply::Json(200, json!({ "ok": false, "error": "token_expired" })),
            }
        })
        .await;
        Self { peer, state }
    }

    /// What it remembers.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How often a token was asked for.
    pub(super) fn exchanges(&self) -> usize {
        self.peer.at(TOKENS).len()
    }
}

impl State {
    fn authorize(&mut self, seen: &Seen) -> Reply {
        let asked = seen.form();
        assert_eq!(
            (asked["response_type"].as_str(), asked["code_challenge_method"].as_str()),
            ("code", "S256")
        );
        let redirect = asked["redirect_uri"].clone();
        self.asked = Some((asked["code_challenge"].clone(), redirect.clone()));
        Reply::To(format!("{redirect}?code=the-code&state={}", asked["state"]))
    }

    fn exchange(&mut self, seen: &Seen) -> Reply {
        let refused = |error: &str| Reply::Json(200, json!({ "ok": false, "error": error }));
        if !has(seen, "authorization", &basic("123.456", "client-secret-9")) {
            return refused("bad_client_secret");
        }
        let asked = seen.form();
        match asked["grant_type"].as_str() {
            "authorization_code" => {
                let Some((challenge, redirect)) = self.asked.take() else {
                    return refused("code_already_used");
                };
                let hash = sha2::Sha256::digest(asked["code_verifier"].as_bytes());
                let right = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash) == challenge
                    && asked["redirect_uri"] == redirect
                    && asked["code"] == "the-code";
                if !right {
                    return refused("invalid_code");
                }
            }
            "refresh_token" => {
                if !self.refresh.contains(&asked["refresh_token"]) {
                    return refused("invalid_refresh_token");
                }
            }
            other => panic!("no grant of Slack's: {other}"),
        }
        self.rotate();
        if self.falls_silent {
            return Reply::Silence;
        }
        Reply::Json(200, self.answer(&asked["grant_type"]))
    }

    fn rotate(&mut self) {
        self.given += 1;
        self.token = format!("xoxe.xoxb-{}", self.given);
        let mut refresh = vec![format!("r{}", self.given)];
        if self.is_lenient {
            refresh.extend(self.refresh.first().cloned());
        }
        self.refresh = refresh;
    }

    /// Slack's form. A user's token stands inside when it is given out, and outside when it is renewed.
    fn answer(&self, grant: &str) -> Value {
        let refresh = &self.refresh[0];
        if self.is_users && grant == "authorization_code" {
            let user = json!({ "id": "U0ADA", "access_token": self.token, "token_type": "user", "scope": "search:read",
                "refresh_token": refresh, "expires_in": 43200 });
            return json!({ "ok": true, "app_id": "A0", "team": { "id": "T0" }, "authed_user": user });
        }
        json!({ "ok": true, "access_token": self.token, "token_type": "bot", "refresh_token": refresh,
            "expires_in": 43200, "app_id": "A0", "bot_user_id": "U0BRAID", "authed_user": { "id": "U0ADA" } })
    }
}
