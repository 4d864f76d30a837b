//! Completion: values for an argument of a prompt, or for the variable of a resource template, while somebody types.

use super::resources::{self, TOOL_NAME, TOOL_TEMPLATE};
use crate::tools::Tools;
use crate::tools::library::Matches;
use rmcp::model::{ArgumentInfo, CompletionInfo, Reference};

/// The values that match; or, for the client, what is wrong with the request.
pub(super) async fn complete(
    tools: &Tools,
    reference: &Reference,
    argument: &ArgumentInfo,
) -> Result<CompletionInfo, String> {
    let ArgumentInfo { name, value, .. } = argument;
    let matches = match reference {
        Reference::Prompt(prompt) => {
            let prompt = tools
                .library()
                .prompt(&prompt.name)
                .map_err(|error| error.to_string())?;
            let argument = prompt.arguments.iter().find(|argument| argument.name == *name);
            let argument = argument.ok_or_else(|| format!("the prompt {} has no argument `{name}`", prompt.name))?;
            match argument.complete {
                Some(directory) => tools.library().directories().matching(directory, value).await,
                None => Matches::of(Vec::new(), value),
            }
        }
        Reference::Resource(template) if template.uri != TOOL_TEMPLATE => {
            return Err(format!("there is no resource template {}", template.uri));
        }
        Reference::Resource(_) if name != TOOL_NAME => {
            return Err(format!("{TOOL_TEMPLATE} has no variable `{name}`"));
        }
        Reference::Resource(_) => Matches::of(resources::names(&tools.catalog()), value),
        _ => return Err("prompts and resource templates can be completed".to_owned()),
    };
    let has_more = matches.names.len() < matches.total;
    let total = u32::try_from(matches.total).ok();
    CompletionInfo::with_pagination(matches.names, total, has_more)
}
