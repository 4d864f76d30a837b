use super::*;
use crate::testing::seconds;

fn tokens(secret: &str, refresh: &str) -> Tokens {
    Tokens {
        token: Token::new(secret, Some(seconds(1000))),
        refresh: Some(refresh.to_owned().into()),
    }
}

fn kept(file: &TokenFile) -> (String, String) {
    let tokens = file.load().unwrap().unwrap();
    let refresh = tokens.refresh.unwrap();
    (
        tokens.token.secret.expose_secret().to_owned(),
        refresh.expose_secret().to_owned(),
    )
}

#[test]
fn keeps_the_last_pair_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("deep/tokens.json"));
    assert!(file.load().unwrap().is_none());
    file.save(&tokens("a1", "r1")).unwrap();
    file.save(&tokens("a2", "r2")).unwrap();
    assert_eq!(kept(&file), ("a2".to_owned(), "r2".to_owned()));
    let token = file.load().unwrap().unwrap().token;
    assert!(token.good_for.unwrap() > seconds(900));
    assert_eq!(token.age, Age::Unknown);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let left = fs::read_dir(file.path().parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "nothing lies beside it");
}

#[test]
fn a_token_that_does_not_end_needs_no_successor() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let token = Token::new("a1", None);
    file.save(&Tokens { token, refresh: None }).unwrap();
    let tokens = file.load().unwrap().unwrap();
    assert!(tokens.refresh.is_none() && tokens.token.lasts(seconds(u64::MAX)));
}

#[test]
fn how_long_a_token_lived_and_whose_it_is_are_kept_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let of = |life: Duration| Token {
        log_in: Some("one".to_owned()),
        ..Token::new("a1", Some(life))
    };
    let kept = |life: Duration| {
        let tokens = Tokens {
            token: of(life),
            refresh: None,
        };
        file.save(&tokens).unwrap();
        file.load().unwrap().unwrap().token
    };
    let short = kept(seconds(60));
    assert_eq!((short.life, short.log_in.as_deref()), (Some(seconds(60)), Some("one")));
    assert!(short.lasts(seconds(300)), "it is not renewed five minutes early");
    let endless = kept(Duration::MAX);
    assert!(endless.good_for.unwrap() > seconds(u64::MAX / 2), "{endless:?}");
    // As it was written before.
    fs::write(
        file.path(),
        r#"{"access_token":"a1","refresh_token":"r1","expires_at":4102444800}"#,
    )
    .unwrap();
    let old = file.load().unwrap().unwrap().token;
    assert_eq!(
        (old.life, old.log_in.clone(), old.lasts(seconds(300))),
        (None, None, true)
    );
}

#[test]
fn a_broken_file_is_named_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    fs::write(&path, "{\"access_token\": \"hunter2\"").unwrap();
    let cause = TokenFile::new(&path).load().unwrap_err().to_string();
    assert!(cause.contains("tokens.json") && !cause.contains("hunter2"), "{cause}");
}

/// Killed between writing the new file and putting it in the old one's place: the old pair is still whole, and what lies
/// beside it hinders nobody.
#[test]
fn a_write_that_was_cut_off_leaves_the_old_pair() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let file = TokenFile::new(&path);
    file.save(&tokens("a1", "r1")).unwrap();
    let beside = folder.path().join(format!("tokens.json.{}.new", std::process::id()));
    fs::write(&beside, "{\"access_to").unwrap();
    assert_eq!(kept(&file), ("a1".to_owned(), "r1".to_owned()));
    file.save(&tokens("a2", "r2")).unwrap();
    assert_eq!(kept(&file), ("a2".to_owned(), "r2".to_owned()));
    assert!(!beside.exists());
}

#[tokio::test(start_paused = true)]
async fn one_renews_at_a_time_and_nobody_waits_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("new/tokens.json"));
    let held = file.lock().await.unwrap();
    let refused = file.lock().await.unwrap_err();
    assert!(refused.to_string().contains("another process"), "{refused}");
    let (second, ()) = tokio::join!(file.lock(), async {
        tokio::time::sleep(seconds(1)).await;
        drop(held);
    });
    drop(second.unwrap());
}

#[tokio::test]
async fn what_cannot_be_kept_is_found_out_before_anything_is_used_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a-file");
    fs::write(&path, "").unwrap();
    let refused = TokenFile::new(path.join("tokens.json")).lock().await.unwrap_err();
    assert!(refused.to_string().contains("cannot be kept"), "{refused}");
}
