//! A client that hears of changes, on either transport and in either era.

use super::{FOLDER, names};
use crate::promises::support::{Era, Events, Run, Server, Setup, Stdio, eventually};
use serde_json::{Value, json};

/// A tool is a resource too: its file.
const TOLD: [&str; 2] = [
    "notifications/tools/list_changed",
    "notifications/resources/list_changed",
];
const ACKNOWLEDGED: &str = "notifications/subscriptions/acknowledged";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Stdio,
    Http,
}

pub(super) struct Listener {
    era: Era,
    /// The subscription of the modern era.
    subscription: Value,
    wire: Wire,
}

enum Wire {
    Stdio(Stdio),
    Http {
        server: Server,
        session: Option<String>,
        events: Events,
    },
}

impl Listener {
    /// Starts a server that follows the folder, and a client that listens.
    pub(super) async fn open(setup: &Setup, transport: Transport, era: Era) -> Self {
        let folder = ["--queries", FOLDER];
        match transport {
            Transport::Stdio => {
                let mut client = Stdio::open_with(setup, &folder, era).await;
                let mut subscription = Value::Null;
                if era == Era::Modern {
                    let wanted = json!({ "notifications": { "toolsListChanged": true, "resourcesListChanged": true, "promptsListChanged": false } });
                    subscription = json!(client.ask("subscriptions/listen", wanted).await);
                    accepted(&client.hear().await, &subscription);
                }
                Self {
                    era,
                    subscription,
                    wire: Wire::Stdio(client),
                }
            }
            Transport::Http => {
                let server = Server::with(setup, &folder).await;
                let session = match era {
                    Era::Legacy => Some(server.session().await),
                    Era::Modern => None,
                };
                let mut events = server.listen(session.as_deref()).await;
                let mut subscription = Value::Null;
                if era == Era::Modern {
                    subscription = json!(1);
                    accepted(&events.next().await, &subscription);
                }
                let wire = Wire::Http {
                    server,
                    session,
                    events,
                };
                Self {
                    era,
                    subscription,
                    wire,
                }
            }
        }
    }

    /// Resolves when the client is told that the tools changed. Nothing else may come before.
    pub(super) async fn told(&mut self) {
        for method in TOLD {
            let message = match &mut self.wire {
                Wire::Stdio(client) => client.hear().await,
                Wire::Http { events, .. } => events.next().await,
            };
            assert_eq!(message["method"], method, "{message:#}");
            assert_eq!(
                message["params"]["_meta"][SUBSCRIPTION], self.subscription,
                "{message:#}"
            );
        }
    }

    /// Resolves when the server has said so on standard error.
    pub(super) async fn said(&self, part: &str) {
        let complaints = match &self.wire {
            Wire::Stdio(client) => &client.complaints,
            Wire::Http { server, .. } => &server.complaints,
        };
        eventually(|| complaints.heard().contains(part)).await;
    }

    /// The names of the listed tools.
    pub(super) async fn tools(&mut self) -> Vec<String> {
        names(&self.request("tools/list", json!({})).await)
    }

    /// Calls a tool and gives its result.
    pub(super) async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let call = json!({ "name": tool, "arguments": arguments });
        let mut answer = self.request("tools/call", call).await;
        assert_eq!(answer["error"], Value::Null, "{answer:#}");
        answer["result"].take()
    }

    /// Ends the server in the way that is the transport's.
    pub(super) async fn end(self) -> Run {
        match self.wire {
            Wire::Stdio(mut client) => {
                client.hang_up();
                client.ended().await
            }
            Wire::Http { server, events, .. } => {
                // The stream is open still: nobody waits for its end.
                server.signal("TERM").await;
                let end = server.ended().await;
                drop(events);
                end
            }
        }
    }

    /// The answer to a request. Word of a change comes when it is waited for, not here.
    async fn request(&mut self, method: &str, params: Value) -> Value {
        match &mut self.wire {
            Wire::Stdio(client) => {
                let id = client.ask(method, params).await;
                let answer = client.hear().await;
                assert_eq!(answer["id"], id, "{answer:#}");
                answer
            }
            Wire::Http { server, session, .. } => match session {
                Some(session) => {
                    let request = self.era.request(7, method, params);
                    server.legacy(Some(session), &request).await.message()
                }
                None => server.modern(method, params).await.message(),
            },
        }
    }
}

#[track_caller]
fn accepted(message: &Value, subscription: &Value) {
    assert_eq!(message["method"], ACKNOWLEDGED, "{message:#}");
    let params = &message["params"];
    assert_eq!(
        params["notifications"],
        json!({ "toolsListChanged": true, "resourcesListChanged": true }),
        "{message:#}"
    );
    assert_eq!(params["_meta"][SUBSCRIPTION], *subscription, "{message:#}");
}
