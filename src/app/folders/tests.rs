//! What is read, what is passed over, and what counts as a change.

use super::*;
use std::fs;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        write(&folder, name, text);
    }
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn open(folder: &TempDir) -> Folders {
    let mut folders = Folders::new(vec![folder.path().to_owned()]);
    folders.read();
    folders
}

/// The files' names below the folder, and their texts.
fn texts(folders: &Folders) -> Vec<(String, String)> {
    let root = &folders.roots[0];
    let named = folders.sources().into_iter().map(|source| {
        let name = Path::new(&source.path).strip_prefix(root).unwrap();
        (name.to_str().unwrap().to_owned(), source.text)
    });
    named.collect()
}

fn pairs(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn reads_operation_files_at_any_depth_and_nothing_else() {
    let folder = folder(&[
        ("slack/a.graphql", "a"),
        ("b.graphql", "b"),
        ("slack/.a.graphql.swp", "no"),
        ("slack/.#a.graphql", "no"),
        ("..2026_11_22/a.graphql", "no"),
        ("notes.md", "no"),
        ("folder.graphql/c.graphql", "c"),
    ]);
    let expected = [
        ("b.graphql", "b"),
        ("folder.graphql/c.graphql", "c"),
        ("slack/a.graphql", "a"),
    ];
    assert_eq!(texts(&open(&folder)), pairs(&expected));
}

#[test]
fn a_change_of_the_same_length_right_after_the_read_is_one() {
    let folder = folder(&[("a.graphql", "1")]);
    let mut folders = open(&folder);
    assert!(!folders.read());
    for text in ["2", "3", "4"] {
        write(&folder, "a.graphql", text);
        assert!(folders.read());
        assert_eq!(texts(&folders), pairs(&[("a.graphql", text)]));
        assert!(!folders.read(), "nothing since");
    }
    write(&folder, "a.graphql", "4");
    assert!(!folders.read(), "written, and the same");
}

#[test]
fn an_old_file_that_is_replaced_by_one_as_old_and_as_long_is_read() {
    let folder = folder(&[("a.graphql", "old"), ("new", "new")]);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for name in ["a.graphql", "new"] {
        fs::File::options()
            .write(true)
            .open(folder.path().join(name))
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
    }
    let mut folders = open(&folder);
    assert!(
        folders.files.values().all(|file| file.stamp.is_some()),
        "it need not be read again"
    );
    fs::rename(folder.path().join("new"), folder.path().join("a.graphql")).unwrap();
    assert!(folders.read());
    assert_eq!(texts(&folders), pairs(&[("a.graphql", "new")]));
}

#[test]
fn files_that_come_and_go_are_changes() {
    let folder = folder(&[("a.graphql", "a")]);
    let mut folders = open(&folder);
    write(&folder, "b.graphql", "b");
    assert!(folders.read());
    fs::remove_file(folder.path().join("a.graphql")).unwrap();
    assert!(folders.read());
    assert_eq!(texts(&folders), pairs(&[("b.graphql", "b")]));
}

#[test]
fn a_folder_that_goes_takes_its_files_and_is_said() {
    let folder = folder(&[("here/a.graphql", "a")]);
    let root = folder.path().join("here");
    let mut folders = Folders::new(vec![root.clone()]);
    folders.read();
    fs::rename(&root, folder.path().join("away")).unwrap();
    assert!(folders.read());
    assert!(folders.sources().is_empty());
    assert_eq!(folders.faults().count(), 1);
    assert!(!folders.read(), "said once");
    fs::rename(folder.path().join("away"), &root).unwrap();
    assert!(folders.read());
    assert_eq!((folders.sources().len(), folders.faults().count()), (1, 0));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_elsewhere_is_a_change() {
    use std::os::unix::fs::symlink;
    // As Kubernetes lays out a volume: files are links through `..data`, which is swapped as a whole.
    let folder = folder(&[("..1/a.graphql", "one"), ("..2/a.graphql", "two")]);
    let at = |name: &str| folder.path().join(name);
    symlink("..1", at("..data")).unwrap();
    symlink("..data/a.graphql", at("a.graphql")).unwrap();
    symlink("nowhere", at("b.graphql")).unwrap();
    let mut folders = open(&folder);
    assert_eq!(texts(&folders), pairs(&[("a.graphql", "one")]));
    symlink("..2", at("..new")).unwrap();
    fs::rename(at("..new"), at("..data")).unwrap();
    assert!(folders.read());
    assert_eq!(texts(&folders), pairs(&[("a.graphql", "two")]));
    assert_eq!(folders.faults().count(), 0);
}

#[test]
fn what_is_no_text_is_a_fault_of_that_file() {
    let folder = folder(&[("a.graphql", "a")]);
    fs::write(folder.path().join("b.graphql"), [0xff, 0xfe]).unwrap();
    let folders = open(&folder);
    assert_eq!(texts(&folders), pairs(&[("a.graphql", "a")]));
    let faults: Vec<_> = folders.faults().collect();
    assert!(faults.len() == 1 && faults[0].path.ends_with("b.graphql"), "{faults:?}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_named_and_one_that_leads_nowhere_is_passed_over() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("slack/a.graphql", "a")]);
    symlink(folder.path(), folder.path().join("slack/loop")).unwrap();
    symlink("/no/such/place", folder.path().join("slack/gone.graphql")).unwrap();
    let folders = open(&folder);
    assert_eq!(texts(&folders), pairs(&[("slack/a.graphql", "a")]));
    let faults: Vec<_> = folders.faults().collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].path.ends_with("slack/loop") && faults[0].message.starts_with("this link leads back to"));
}
