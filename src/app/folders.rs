//! The operation files below some folders: found, and read again when they changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use toolgen::{Diagnostic, Source, in_parallel};
use walkdir::WalkDir;

/// A file that was written so shortly before it was read may be written again without a later time on it.
const TOO_FRESH: Duration = Duration::from_secs(2);

/// The folder of the fragments that all groups beside it may use.
const FRAGMENTS: &str = "fragments";

/// The `.graphql` files below a folder, by path, or the file itself. What begins with a dot is passed over: that is where
/// editors and Kubernetes' volumes keep further copies.
pub(super) fn files_below(root: &Path) -> impl Iterator<Item = Result<PathBuf, walkdir::Error>> {
    let is_dotted = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    WalkDir::new(root)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || !is_dotted(entry.file_name()))
        .filter(|entry| {
            entry.as_ref().map_or(true, |entry| {
                let is_named = entry.depth() == 0 || entry.path().extension().is_some_and(|it| it == "graphql");
                is_named && entry.file_type().is_file()
            })
        })
        .map(|entry| entry.map(walkdir::DirEntry::into_path))
}

/// The folder of fragments that a file may use, or the files of a folder that is one group: it stands beside the group's.
pub(super) fn fragments_of(path: &Path) -> Option<PathBuf> {
    let group = if path.is_dir() { path } else { path.parent()? };
    if path.is_dir() && (path.join(FRAGMENTS).is_dir() || !holds_operations(path)) {
        return None;
    }
    let above = match (group.file_name(), group.parent()) {
        (Some(name), _) if name == FRAGMENTS => return None,
        (Some(_), Some(above)) => above.to_owned(),
        // `.`, or a file in it.
        _ => group.join(".."),
    };
    Some(above.join(FRAGMENTS)).filter(|fragments| fragments.is_dir())
}

fn holds_operations(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| path.extension().is_some_and(|it| it == "graphql"))
}

/// What to say of a link that leads nowhere, which is passed over as what is gone is, or back to where it stands.
/// `None`: it is no link that is wrong.
pub(super) fn of_link(root: &Path, error: &walkdir::Error) -> Option<Vec<Diagnostic>> {
    let path = error.path().unwrap_or(root);
    if let Some(ancestor) = error.loop_ancestor() {
        let message = format!("this link leads back to {}", ancestor.display());
        let help = "take it out, or let it lead elsewhere";
        return Some(vec![Diagnostic::of_file(path.display().to_string(), message, help)]);
    }
    (is_gone(error) && path != root).then(Vec::new)
}

fn is_gone(error: &walkdir::Error) -> bool {
    error
        .io_error()
        .is_some_and(|error| error.kind() == ErrorKind::NotFound)
}

/// What the system says, without the path.
pub(super) fn reason(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A file that is no text.
pub(super) fn no_text(path: String) -> Diagnostic {
    Diagnostic::of_file(path, "the file is not text in UTF-8", "save it as UTF-8")
}

/// Folders, and what stood in them when they were read last.
#[derive(Debug)]
pub(super) struct Folders {
    roots: Vec<PathBuf>,
    files: BTreeMap<PathBuf, File>,
    /// Folders that cannot be read.
    faults: Vec<Diagnostic>,
}

#[derive(Debug)]
struct File {
    /// `None`: it must be read again to know whether it changed.
    stamp: Option<Stamp>,
    text: Result<String, Diagnostic>,
}

/// What changes with a file's content.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    length: u64,
    /// On Unix the file itself and when anything about it changed, which nobody can set back: a file that is replaced by
    /// one of the same length and time is another.
    node: [i64; 3],
}

impl Folders {
    pub(super) fn new(roots: Vec<PathBuf>) -> Self {
        Self {
            roots,
            files: BTreeMap::new(),
            faults: Vec::new(),
        }
    }

    pub(super) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Looks at all files and reads those that changed. Says whether anything is not as it was.
    pub(super) fn read(&mut self) -> bool {
        let mut before = std::mem::take(&mut self.files);
        let faults = std::mem::take(&mut self.faults);
        // In two folders that overlap a file is found twice.
        let mut found = BTreeSet::new();
        for root in &self.roots {
            for file in files_below(root) {
                match file {
                    Ok(path) => {
                        found.insert(path);
                    }
                    Err(error) => {
                        // Between the listing and the look, too.
                        if let Some(found) = of_link(root, &error) {
                            self.faults.extend(found);
                            continue;
                        }
                        let path = error.path().unwrap_or(root);
                        if !is_gone(&error) {
                            let below: Vec<_> = before.keys().filter(|file| file.starts_with(path)).cloned().collect();
                            let kept = below.into_iter().filter_map(|file| before.remove_entry(&file));
                            self.files.extend(kept);
                        }
                        let help = "the folder is read again as soon as it can be";
                        self.faults
                            .push(Diagnostic::of_file(path.display().to_string(), reason(&error), help));
                    }
                }
            }
        }
        let found: Vec<_> = found.into_iter().collect();
        let read = in_parallel(&found, |path| File::read(path, before.get(path)));
        let mut changed = faults != self.faults;
        for (path, read) in found.into_iter().zip(read) {
            let known = before.remove(&path);
            let file = match read {
                Read::AsItWas => known,
                Read::Gone => {
                    changed |= known.is_some();
                    None
                }
                Read::Anew(file) => {
                    changed |= known.is_none_or(|known| known.text != file.text);
                    Some(file)
                }
            };
            self.files.extend(file.map(|file| (path, file)));
        }
        changed || !before.is_empty()
    }

    /// The files that could be read.
    pub(super) fn sources(&self) -> Vec<Source> {
        let texts = self
            .files
            .iter()
            .filter_map(|(path, file)| Some((path, file.text.as_ref().ok()?)));
        let sources = texts.map(|(path, text)| Source {
            path: path.display().to_string(),
            text: text.clone(),
        });
        sources.collect()
    }

    /// The files and folders that could not.
    pub(super) fn faults(&self) -> impl Iterator<Item = &Diagnostic> {
        let files = self.files.values().filter_map(|file| file.text.as_ref().err());
        self.faults.iter().chain(files)
    }
}

/// What became of a file since it was read.
enum Read {
    /// Nothing.
    AsItWas,
    /// It may be another.
    Anew(File),
    Gone,
}

impl File {
    /// The file as it is now.
    fn read(path: &Path, known: Option<&Self>) -> Read {
        // Asked before the text is read: a change in between is found the next time.
        let stamp = match fs::metadata(path) {
            Ok(metadata) => Stamp::of(&metadata),
            Err(error) if error.kind() == ErrorKind::NotFound => return Read::Gone,
            Err(_) => None,
        };
        if known.is_some_and(|known| known.stamp.is_some() && known.stamp == stamp) {
            return Read::AsItWas;
        }
        let name = || path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => return Read::Gone,
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(no_text(name())),
            Err(error) => Err(Diagnostic::of_file(
                name(),
                format!("the file cannot be read: {error}"),
                "give the user that Braid runs as the right to read it",
            )),
        };
        let stamp = stamp.filter(Stamp::is_settled);
        Read::Anew(Self { stamp, text })
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Option<Self> {
        Some(Self {
            modified: metadata.modified().ok()?,
            length: metadata.len(),
            node: node(metadata),
        })
    }

    fn is_settled(&self) -> bool {
        let age = SystemTime::now().duration_since(self.modified);
        age.is_ok_and(|age| age > TOO_FRESH)
    }
}

#[cfg(unix)]
fn node(metadata: &Metadata) -> [i64; 3] {
    use std::os::unix::fs::MetadataExt;
    [metadata.ino().cast_signed(), metadata.ctime(), metadata.ctime_nsec()]
}

#[cfg(not(unix))]
fn node(_: &Metadata) -> [i64; 3] {
    [0; 3]
}

#[cfg(test)]
mod tests;
