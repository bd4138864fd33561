//! Request methods.

/// The methods that routes use (RFC 9110, section 9; PATCH: RFC 5789).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads. HEAD is answered like it, without a body.
    Get,
    /// Does something.
    Post,
    /// Puts a whole thing in place.
    Put,
    /// Changes parts.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands in a request; HEAD counts as GET.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "GET" | "HEAD" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            _ => return None,
        })
    }

    /// As it stands in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request with it changes something.
    pub const fn changes(self) -> bool {
        !matches!(self, Self::Get)
    }
}
