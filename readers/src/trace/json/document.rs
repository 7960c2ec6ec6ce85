//! The JSON itself. Strings are borrowed from the text, which spares copies and tells where they stand.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};

use crate::trace::MAX_EXCHANGES;

#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub exchanges: Items<'a>,
    #[serde(borrow, default)]
    pub atr: Option<Hex<'a>>,
}

impl<'a> From<Items<'a>> for Document<'a> {
    fn from(exchanges: Items<'a>) -> Self {
        Self { exchanges, atr: None }
    }
}

#[derive(Deserialize)]
pub(super) struct Item<'a> {
    #[serde(borrow, rename = "c", alias = "command", alias = "capdu", alias = "request")]
    pub command: Hex<'a>,
    #[serde(borrow, default, rename = "r", alias = "response", alias = "rapdu")]
    pub response: Option<Hex<'a>>,
}

/// The exchanges; beyond the limit one more is kept, to tell, and the rest is read and forgotten.
pub(super) struct Items<'a>(pub Vec<Item<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of exchanges")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items<'de>, A::Error> {
                // Room for a whole purchase: items are large to move. Beyond 1 kB allocators take their time.
                let mut items = Vec::with_capacity(21);
                while items.len() <= MAX_EXCHANGES {
                    let Some(item) = list.next_element()? else { return Ok(Items(items)) };
                    items.push(item);
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(List)
    }
}

/// A string, borrowed where it has no escapes.
pub(super) struct Hex<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Hex<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Hex<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hex")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Hex<'de>, E> {
                Ok(Hex(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Hex<'de>, E> {
                Ok(Hex(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
