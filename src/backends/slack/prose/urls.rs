//! Addresses in a text that is not marked up.

/// How many addresses are read out of one run of characters without a blank. A second one begins where an address holds
/// another one, as those of archives and redirects do.
const MOST_IN_A_RUN: usize = 4;

/// The addresses written out in a text, without the punctuation and the emoji behind them. Each character is looked at a
/// fixed number of times, whatever the text is.
pub(in crate::backends::slack) fn written_out(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("http") {
        let (Some(here), Some(behind)) = (rest.get(start..), rest.get(start + "http".len()..)) else {
            break;
        };
        rest = behind;
        if !is_address(here) {
            continue;
        }
        let (run, behind) = here
            .split_at_checked(here.find(ends).unwrap_or(here.len()))
            .unwrap_or((here, ""));
        rest = behind;
        let starts = run.match_indices("http").filter_map(|(at, _)| run.get(at..));
        let urls = starts.filter(|url| is_address(url)).take(MOST_IN_A_RUN);
        found.extend(urls.filter_map(trimmed));
    }
    found
}

/// The emoji that a text begins with, as Slack writes it: `:rocket:`.
pub(super) fn shortcode(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix(':')?.split_once(':')?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '+');
    (name.starts_with(|c: char| c.is_ascii_lowercase() || c == '+') && name.chars().all(fits)).then_some(name)
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Letters of all scripts stand in addresses as people write them; other signs beyond ASCII do not.
fn ends(character: char) -> bool {
    character.is_whitespace()
        || "<>\"'`|)]}".contains(character)
        || !character.is_ascii() && !character.is_alphanumeric()
}

fn trimmed(url: &str) -> Option<&str> {
    let url = before_emoji(url).trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (url.len() > "https://".len()).then_some(url)
}

fn before_emoji(url: &str) -> &str {
    // Past the scheme's own colon.
    let mut colons = url.match_indices(':').map(|(at, _)| at).skip(1);
    let emoji = colons.find(|at| url.get(*at..).and_then(shortcode).is_some());
    emoji.and_then(|at| url.get(..at)).unwrap_or(url)
}
