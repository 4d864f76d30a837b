//! Notices that files of operations change, and swaps the tools.
//!
//! The system tells of changes, through `notify`. It does not tell everything: not on network file systems, not when a
//! link far above the folder leads elsewhere. So the folders are also looked at now and then, which costs a look at each
//! file's metadata.

use super::dropped_in::DroppedIn;
use super::serving::say;
use crate::tools::Live;
use arc_swap::ArcSwap;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout, timeout_at};
use toolgen::Diagnostic;

/// A change is looked at when nothing further has happened for so long: who writes many files writes them one after the
/// other.
const QUIET: Duration = Duration::from_millis(50);

/// But not later than this after it began.
const PATIENCE: Duration = Duration::from_millis(400);

/// How often the folders are looked at though nothing was told.
const ANYWAY: Duration = Duration::from_secs(5);

/// The same where the system tells nothing.
const UNTOLD: Duration = Duration::from_millis(500);

/// What the watch has to do with.
pub(super) struct Params {
    /// The folders and their tools.
    pub(super) dropped_in: DroppedIn,
    /// Where the tools are swapped.
    pub(super) live: Arc<Live>,
    /// Where it is read what is wrong.
    pub(super) faults: Arc<ArcSwap<Vec<Diagnostic>>>,
}

/// Goes on until it is dropped.
pub struct Watch(JoinHandle<()>);

impl Watch {
    pub(super) fn start(params: Params) -> Self {
        Self(tokio::spawn(run(params)))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(params: Params) {
    let (poke, mut pokes) = mpsc::channel(1);
    let mut watcher = Watcher {
        roots: absolute(params.dropped_in.roots()),
        poke,
        armed: None,
        complained: false,
    };
    let mut params = params;
    let mut arm = true;
    loop {
        // Armed before the look, so that what happens between the two is told.
        let looked = spawn_blocking(move || {
            if arm {
                watcher.arm();
            }
            params.look();
            (watcher, params)
        });
        (watcher, params) = match looked.await {
            Ok(done) => done,
            Err(error) => return tracing::error!(%error, "files of operations are not watched any more"),
        };
        let period = if watcher.armed.is_some() { ANYWAY } else { UNTOLD };
        let told = timeout(period, pokes.recv()).await.is_ok();
        if told {
            settled(&mut pokes).await;
        }
        // A folder that was told of may be another one by now, with the old one still watched.
        arm = told || watcher.armed.is_none();
    }
}

async fn settled(pokes: &mut mpsc::Receiver<()>) {
    let latest = Instant::now() + PATIENCE;
    let mut is_quiet = false;
    while !is_quiet && Instant::now() < latest {
        let until = latest.min(Instant::now() + QUIET);
        is_quiet = timeout_at(until, pokes.recv()).await.is_err();
    }
}

impl Params {
    fn look(&mut self) {
        let Some(news) = self.dropped_in.look() else {
            return;
        };
        let mut faults = self.dropped_in.state().faults.clone();
        match self.live.catalog().renewed(&self.dropped_in.all_tools()) {
            Ok(catalog) => self.live.swap(catalog),
            Err(error) => {
                tracing::error!(%error, "the tools stay as they were");
                let help = "until it is mended, all tools stay as they were";
                faults.push(Diagnostic::of_file("--queries", error.to_string(), help));
            }
        }
        self.faults.store(Arc::new(faults));
        for line in news {
            say(&line);
        }
    }
}

/// What listens to the system.
struct Watcher {
    roots: Vec<PathBuf>,
    poke: mpsc::Sender<()>,
    /// `None`: nothing is told of one of the folders at least.
    armed: Option<RecommendedWatcher>,
    complained: bool,
}

impl Watcher {
    /// Listens anew; what listened before does so until then.
    fn arm(&mut self) {
        self.armed = match self.listen() {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                if !self.complained {
                    tracing::warn!(%error, "the system tells of no changes to --queries; the files are looked at twice a second");
                }
                self.complained = true;
                None
            }
        };
    }

    fn listen(&self) -> notify::Result<RecommendedWatcher> {
        let poke = self.poke.clone();
        // Some systems tell the real path, whatever was asked for.
        let real = self.roots.iter().filter_map(|root| root.canonicalize().ok());
        let roots: Vec<_> = self.roots.iter().cloned().chain(real).collect();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.as_ref().map_or(true, |event| concerns(event, &roots)) {
                // Full: it is told already.
                let _told = poke.try_send(());
            }
        })?;
        // The folder above tells when a folder goes, comes again, or is a link that leads elsewhere.
        for above in self.roots.iter().filter_map(|root| root.parent()) {
            watcher.watch(above, RecursiveMode::NonRecursive)?;
        }
        for root in &self.roots {
            watcher.watch(root, RecursiveMode::Recursive)?;
        }
        Ok(watcher)
    }
}

/// Reading is told as well, our own included.
fn concerns(event: &Event, roots: &[PathBuf]) -> bool {
    let within = |path: &PathBuf| roots.iter().any(|root| path.starts_with(root));
    !event.kind.is_access() && (event.need_rescan() || event.paths.is_empty() || event.paths.iter().any(within))
}

/// A folder that is named as `queries` has a folder above it, too.
fn absolute(roots: &[PathBuf]) -> Vec<PathBuf> {
    let absolute = |root: &PathBuf| std::path::absolute(root).unwrap_or_else(|_| root.clone());
    roots.iter().map(absolute).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind, EventKind, Flag, ModifyKind};
    use tokio::time::{interval, sleep};

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_one_change_and_a_storm_does_not_put_it_off_for_ever() {
        let (poke, mut pokes) = mpsc::channel(1);
        let burst = poke.clone();
        tokio::spawn(async move {
            sleep(Duration::from_millis(30)).await;
            let _told = burst.try_send(());
        });
        let start = Instant::now();
        settled(&mut pokes).await;
        assert_eq!(start.elapsed(), Duration::from_millis(30) + QUIET);

        tokio::spawn(async move {
            let mut ticks = interval(Duration::from_millis(20));
            loop {
                ticks.tick().await;
                let _told = poke.try_send(());
            }
        });
        let start = Instant::now();
        settled(&mut pokes).await;
        assert_eq!(start.elapsed(), PATIENCE);
    }

    #[test]
    fn what_happens_beside_the_folder_and_what_is_only_read_is_no_change() {
        let roots = [PathBuf::from("/srv/queries")];
        let at = |kind: EventKind, path: &str| concerns(&Event::new(kind).add_path(path.into()), &roots);
        let made = EventKind::Create(CreateKind::Any);
        assert!(at(made, "/srv/queries/slack/a.graphql") && at(made, "/srv/queries"));
        assert!(at(EventKind::Modify(ModifyKind::Any), "/srv/queries/..data"));
        assert!(!at(made, "/srv/queries2/a.graphql") && !at(made, "/srv/log"));
        assert!(!at(EventKind::Access(AccessKind::Any), "/srv/queries/slack/a.graphql"));
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(concerns(&overflow, &roots), "events were lost");
    }
}
