//! Addresses of the account's pages, and back.

use crate::model::route::{encode, parameter};

/// Which sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shelf {
    /// One's own.
    #[default]
    Own,
    /// Of anybody who shows theirs.
    Public,
    /// Those of others that one likes.
    Favourites,
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The stereos.
    #[default]
    Stereos,
    /// Signing in, and where to go then.
    SignIn(String),
    /// Adding a stereo; its code where the address has it.
    Pair(String),
    /// Taking over somebody's stereo; the code they gave.
    Take(String),
    /// Sounds.
    Sounds(Shelf),
    /// The account.
    Me,
    /// No page has this address.
    Lost,
}

impl Route {
    /// The page an address names; `query` may begin with `?`.
    pub fn parse(path: &str, query: &str) -> Self {
        match path.trim_matches('/') {
            "" | "index.html" => Self::Stereos,
            "sign-in" => Self::SignIn(back(&parameter(query, "return"))),
            "pair" => Self::Pair(parameter(query, "code")),
            "take" => Self::Take(parameter(query, "code")),
            "presets" => Self::Sounds(Shelf::Own),
            "presets/public" => Self::Sounds(Shelf::Public),
            "presets/favourites" => Self::Sounds(Shelf::Favourites),
            "account" => Self::Me,
            _ => Self::Lost,
        }
    }

    /// Its address.
    pub fn address(&self) -> String {
        let with = |path: &str, name: &str, value: &str| match value {
            "" => path.to_owned(),
            value => format!("{path}?{name}={}", encode(value)),
        };
        match self {
            Self::Stereos | Self::Lost => "/".into(),
            Self::SignIn(back) => with("/sign-in", "return", back),
            Self::Pair(code) => with("/pair", "code", code),
            Self::Take(code) => with("/take", "code", code),
            Self::Sounds(Shelf::Own) => "/presets".into(),
            Self::Sounds(Shelf::Public) => "/presets/public".into(),
            Self::Sounds(Shelf::Favourites) => "/presets/favourites".into(),
            Self::Me => "/account".into(),
        }
    }

    /// Whether anybody may see it.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Sounds(Shelf::Public) | Self::Lost)
    }

    /// Where to go once somebody has signed in at this page.
    pub fn after_sign_in(&self) -> String {
        match self {
            Self::SignIn(back) if back.is_empty() => "/".into(),
            Self::SignIn(back) => back.clone(),
            other => other.address(),
        }
    }
}

/// A path of this site; nothing for anything else, wherever it came from.
fn back(address: &str) -> String {
    let plain = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if plain && !address.contains("/.") && address.bytes().all(|byte| byte.is_ascii_graphic()) {
        address.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_an_address_that_leads_back_to_it() {
        let pages = [
            Route::Stereos,
            Route::SignIn(String::new()),
            Route::SignIn("/stereo/abc/queue".into()),
            Route::Pair(String::new()),
            Route::Pair("BCDF-GHJK".into()),
            Route::Take("x+y&z".into()),
            Route::Sounds(Shelf::Own),
            Route::Sounds(Shelf::Public),
            Route::Sounds(Shelf::Favourites),
            Route::Me,
        ];
        for page in pages {
            let address = page.address();
            let (path, query) = address.split_once('?').unwrap_or((&address, ""));
            assert_eq!(Route::parse(path, query), page, "{address}");
        }
        assert_eq!(Route::parse("/nothing", ""), Route::Lost);
    }

    #[test]
    fn a_sign_in_leads_back_to_this_site_only() {
        let after = |query: &str| Route::parse("/sign-in", query).after_sign_in();
        assert_eq!(after("?return=%2Fstereo%2Fabc%2Fqueue"), "/stereo/abc/queue");
        for bad in ["//evil.example", "https://evil.example", "/\\evil", "/.//evil", "javascript:x", "/a b"] {
            assert_eq!(after(&format!("?return={}", encode(bad))), "/", "{bad}");
        }
        assert_eq!(Route::Pair("BCDF-GHJK".into()).after_sign_in(), "/pair?code=BCDF-GHJK");
    }
}
