//! A list whose elements stay with their items while items come, go and move.

use std::cell::RefCell;
use std::collections::HashMap;

use web_sys::Element;

use super::dom::{El, document, focus, insert_at};
use super::signal::{Scope, Signal, effect};

struct Kept<T> {
    element: Element,
    item: Signal<T>,
    _scope: Scope,
}

impl El {
    /// The children follow `items`, each under a key of its own. A kept item's element stays and keeps the
    /// focus; only its signal changes.
    pub fn each<T: Clone + PartialEq + 'static>(
        self,
        items: impl Fn() -> Vec<(String, T)> + 'static,
        make: impl Fn(Signal<T>) -> El + 'static,
    ) -> Self {
        let parent = self.0.clone();
        let kept: RefCell<HashMap<String, Kept<T>>> = RefCell::default();
        effect(move || {
            let items = items();
            let focused = document().active_element();
            let mut old = kept.take();
            let mut new = HashMap::with_capacity(items.len());
            let elements: Vec<_> = items
                .into_iter()
                .map(|(key, item)| {
                    let known = old.remove(&key).unwrap_or_else(|| build(item.clone(), &make));
                    known.item.put(item);
                    let element = known.element.clone();
                    new.insert(key, known);
                    element
                })
                .collect();
            for (_, gone) in old {
                gone.element.remove();
            }
            for (place, element) in elements.iter().enumerate() {
                insert_at(&parent, element, u32::try_from(place).unwrap_or(u32::MAX));
            }
            kept.replace(new);
            // Moving an element takes the focus from it.
            if let Some(focused) = focused
                && focused.is_connected()
                && document().active_element().as_ref() != Some(&focused)
            {
                focus(&focused);
            }
        });
        self
    }
}

fn build<T: Clone + 'static>(item: T, make: &impl Fn(Signal<T>) -> El) -> Kept<T> {
    let item = Signal::new(item);
    let scope = Scope::default();
    let element = scope.run(|| make(item.clone())).0;
    Kept { element, item, _scope: scope }
}
