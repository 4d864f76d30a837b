//! Prompts as clients see them: texts that a person picks, with what they are asked about filled in.

use crate::tools::Library;
use rmcp::model::{GetPromptRequestParams, GetPromptResult, Prompt, PromptArgument, PromptMessage, Role};
use toolgen::prompt::{self, PromptSpec};

/// All prompts, by name.
pub(super) fn list(library: &Library) -> Vec<Prompt> {
    library.prompts().iter().map(listed).collect()
}

/// A prompt with its values; or, for the client, what is wrong with the request.
pub(super) fn get(library: &Library, request: GetPromptRequestParams) -> Result<GetPromptResult, String> {
    let prompt = library.prompt(&request.name).map_err(|error| error.to_string())?;
    let text = library
        .filled(&request.name, request.arguments.unwrap_or_default())
        .map_err(|error| error.to_string())?;
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(&prompt.description))
}

fn listed(prompt: &PromptSpec) -> Prompt {
    let arguments: Vec<_> = prompt.arguments.iter().map(argument).collect();
    let arguments = Some(arguments).filter(|arguments| !arguments.is_empty());
    Prompt::new(&prompt.name, Some(&prompt.description), arguments).with_title(&prompt.title)
}

fn argument(argument: &prompt::PromptArgument) -> PromptArgument {
    PromptArgument::new(&argument.name)
        .with_description(&argument.description)
        .with_required(argument.default.is_none())
}
