//! Operation files as people write them, as many as are wanted.

use toolgen::Source;

/// One of so many files uses the shared fragment.
pub(crate) const SHARING: usize = 10;

/// A shared fragment, and so many files that become tools.
pub(crate) fn sources(count: usize) -> Vec<Source> {
    let fragment = Source {
        path: "fragments/summary.graphql".to_owned(),
        text: "fragment Summary on Repository { owner { login } name url description }\n".to_owned(),
    };
    let files = (0..count).map(|index| match index % SHARING {
        0 => file("github", "sharing", index, SHARED),
        even if even % 2 == 0 => file("datadog", "monitor", index, MONITOR),
        _ => file("github", "search", index, SEARCH),
    });
    // The fragment first: it is changed by its place.
    [fragment].into_iter().chain(files).collect()
}

/// The same file with another text, that compiles as well.
pub(crate) fn changed(source: &Source, turn: usize) -> Source {
    Source {
        path: source.path.clone(),
        text: format!("{}\n# {turn}\n", source.text),
    }
}

fn file(group: &str, kind: &str, index: usize, text: &str) -> Source {
    Source {
        path: format!("{group}/{kind}_{index}.graphql"),
        text: text.replace("NAME", &format!("Measured{index}")),
    }
}

const SHARED: &str = r#""""
A repository in short.
"""
query NAME("The owner." $owner: String!, "The name." $name: String!) {
  github {
    repository(owner: $owner, name: $name) { ...Summary stars: stargazerCount }
  }
}
"#;

const MONITOR: &str = r#""""
What a monitor says, and who talks about it.
"""
query NAME(
  "The monitor's id."
  $id: ID!
  "Messages of each channel."
  $limit: Int! = 5 @bounds(min: 1, max: 20)
) {
  datadog {
    monitor(id: $id) {
      name
      state
      url
      notifies {
        id
        name
        history(limit: $limit) { nodes { ts at author { name } text } }
      }
    }
  }
}
"#;

const SEARCH: &str = r#""""
Repositories that match.
"""
query NAME("GitHub's search syntax." $query: String!, "How many." $first: Int! = 5 @bounds(min: 1, max: 50)) {
  github {
    searchRepositories(query: $query, first: $first) {
      totalCount
      nodes { owner { login } name description url stargazerCount }
      pageInfo { endCursor }
    }
  }
}
"#;
