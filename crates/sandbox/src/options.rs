//! What the stand-ins enforce more or less strictly than by default.

/// How the stand-ins start. The default is what a customer-built app with every scope meets at the vendors.
#[derive(Clone, Debug)]
pub struct Options {
    /// Scopes that the bot token lacks, e.g. `groups:history`.
    pub slack_bot_lacks: Vec<String>,
    /// Scopes that the user token lacks, e.g. `search:read`.
    pub slack_user_lacks: Vec<String>,
    /// Scopes that GitHub's token lacks: `repo`, without which private repositories are not there.
    pub github_lacks: Vec<String>,
    /// What kind of token GitHub's is; decides whether answers list its scopes.
    pub github_token: GithubToken,
    /// Permissions that Datadog's application key lacks, e.g. `monitors_write`.
    pub datadog_lacks: Vec<String>,
    /// Whose app it is; decides how much history a call gives.
    pub slack_app: SlackApp,
    /// How many calls Slack allows.
    pub slack_rates: SlackRates,
    /// GitHub's points an hour.
    pub github_points: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            slack_bot_lacks: Vec::new(),
            slack_user_lacks: Vec::new(),
            github_lacks: Vec::new(),
            github_token: GithubToken::Classic,
            datadog_lacks: Vec::new(),
            slack_app: SlackApp::Internal,
            slack_rates: SlackRates::default(),
            github_points: 5_000,
        }
    }
}

/// GitHub's kinds of personal access tokens ("GitHub: Managing your personal access tokens").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GithubToken {
    /// Each answer lists its scopes in `X-OAuth-Scopes`.
    Classic,
    /// No answer says what it may do.
    FineGrained,
}

/// Whose app the tokens belong to ("Slack: Rate limits").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlackApp {
    /// Built by the customer: tier 3 and up to 999 messages a page.
    Internal,
    /// Distributed commercially outside the Marketplace: one call a minute and 15 messages a page for history and replies.
    Commercial,
}

/// Calls a minute for each method, by tier ("Slack: Rate limits").
#[derive(Clone, Copy, Debug)]
pub struct SlackRates {
    /// Tier 1.
    pub tier1: u32,
    /// Tier 2: the directories, search.
    pub tier2: u32,
    /// Tier 3: history, replies, reactions.
    pub tier3: u32,
    /// Tier 4: look-ups of one user, permalinks.
    pub tier4: u32,
    /// Posts to one channel; a minute's worth may come in short bursts.
    pub posts: u32,
}

impl Default for SlackRates {
    fn default() -> Self {
        Self {
            tier1: 1,
            tier2: 20,
            tier3: 50,
            tier4: 100,
            posts: 60,
        }
    }
}
