//! What the stack of layers adds to a request: a cache hit, and a miss against bare reqwest with the same peer in the same
//! run. Goals: under 15 µs added on a hit, under 60 µs of CPU added on a miss.
//!
//! ```sh
//! cargo bench -p braid-upstream --bench stack
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends, and its figures are what it prints"
)]

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt;
use braid_upstream::auth::{Auth, Bearer};
use braid_upstream::quota::{QuotaHeaders, Reset};
use braid_upstream::stack::Params;
use braid_upstream::{Call, Classify, Refusal, Request, Response, Stack};
use http::Method;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;
use url::Url;

/// Requests for each figure.
const REQUESTS: u32 = 20_000;

/// How often each is measured; the best of them is what the machine can do when nobody disturbs it.
const ROUNDS: u32 = 10;

/// A small answer, as most of the vendors' are.
const ANSWER: &str =
    r#"{"ok":true,"user":{"id":"U0ADA","name":"ada","profile":{"display_name":"Ada Abara","title":"Checkout"}}}"#;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One client after the other, and the peer beside it: CPU time is of both, and the difference of the stack alone.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let address = peer().await;
    let stack = stack(&address);
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let url = address.join("/thing").unwrap();
    let (mut bare, mut miss, mut hit) = (Sample::WORST, Sample::WORST, Sample::WORST);
    // In turns, so that a machine that is slow for a while is slow for all three. The first round is not counted.
    for round in 0..=ROUNDS {
        let first = round * REQUESTS;
        let samples = [
            sample(first, async |number| {
                let mut url = url.clone();
                url.set_query(Some(&format!("id={number}")));
                let answer = client.get(url).bearer_auth("the-token").send().await.unwrap();
                assert_eq!(answer.bytes().await.unwrap().len(), ANSWER.len());
            })
            .await,
            sample(first, async |number| send(&stack, number).await).await,
            sample(first, async |_| send(&stack, u32::MAX).await).await,
        ];
        if round > 0 {
            for (best, sample) in [&mut bare, &mut miss, &mut hit].into_iter().zip(samples) {
                best.keep_less_of(sample);
            }
        }
    }
    println!("a request, the best of {ROUNDS} rounds of {REQUESTS}");
    for (name, sample) in [("bare reqwest", bare), ("stack, miss", miss), ("stack, hit", hit)] {
        println!("  {name:<14} {:>7.1} µs  CPU {:>7.1} µs", sample.wall, sample.cpu);
    }
    println!(
        "  added on a miss: {:.1} µs of CPU (goal: under 60)",
        miss.cpu - bare.cpu
    );
    println!("  added on a hit: {:.1} µs (goal: under 15)", hit.wall);
}

/// Microseconds a request.
#[derive(Clone, Copy)]
struct Sample {
    wall: f64,
    cpu: f64,
}

impl Sample {
    const WORST: Self = Self {
        wall: f64::MAX,
        cpu: f64::MAX,
    };

    fn keep_less_of(&mut self, other: Self) {
        self.wall = self.wall.min(other.wall);
        self.cpu = self.cpu.min(other.cpu);
    }
}

/// What each of so many requests takes. Each round asks for what no other asked for.
async fn sample(first: u32, mut request: impl AsyncFnMut(u32)) -> Sample {
    let (start, before) = (Instant::now(), cpu());
    for number in first..first + REQUESTS {
        request(number).await;
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(REQUESTS);
    Sample {
        wall: each(start.elapsed()),
        cpu: each(cpu().saturating_sub(before)),
    }
}

async fn send(stack: &Stack, number: u32) {
    let request = Request::read("thing.get", Method::GET, "/thing")
        .query("id", number.to_string())
        .fresh_for(Duration::from_secs(600), vec![format!("peer:thing:{number}")]);
    let call = Call::within(Duration::from_secs(25));
    let answer = stack.send(request, &call).await.unwrap();
    assert_eq!(answer.body.len(), ANSWER.len());
}

/// A stack with all that a backend's has: credentials, quota headers, a classifier that reads the answer.
fn stack(base: &Url) -> Stack {
    struct Classifier;
    impl Classify for Classifier {
        fn classify(&self, _: &Request, response: &Response) -> Result<(), Refusal> {
            Ok(response.expect_json()?)
        }
    }
    let auth: Vec<Box<dyn Auth>> = vec![Box::new(Bearer::new("the-token"))];
    let quota = QuotaHeaders {
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
        reset_counts: Reset::FromNow,
        bucket: None,
    };
    Stack::new(Params::new("peer", base.clone(), auth, Box::new(Classifier)).quota(quota)).unwrap()
}

async fn peer() -> Url {
    let headers = [
        (CONTENT_TYPE.as_str(), "application/json"),
        ("x-ratelimit-limit", "1000000"),
        ("x-ratelimit-remaining", "999999"),
        ("x-ratelimit-reset", "60"),
    ];
    let router: Router = Router::new().route("/thing", get(async move || (headers, ANSWER)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// What this process has computed so far, as Linux tells it: in hundredths of a second.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The program's name, in brackets, may hold spaces; after it come the state and then numbers.
    let after = stat.rsplit(')').next().expect("the name ends");
    let fields = after.split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
