//! Elements, built by chaining, whose texts and attributes may follow signals.
//!
//! Texts go in as text nodes, never as HTML; styles go through CSSOM, as the Content-Security-Policy wants.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Node, Window};

use super::signal::{effect, on_cleanup};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The browser's window. Outside of a browser nothing of this module can be used.
pub fn window() -> Window {
    web_sys::window().unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
}

pub fn document() -> Document {
    window().document().unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
}

/// An element on its way into the page.
#[derive(Clone)]
pub struct El(pub Element);

/// An HTML element.
pub fn el(tag: &str) -> El {
    El(document().create_element(tag).unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into()))
}

/// An SVG element.
pub fn svg(tag: &str) -> El {
    El(document().create_element_ns(Some(SVG), tag).unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into()))
}

/// `div` with a class, the most usual of all.
pub fn div(class: &str) -> El {
    el("div").class(class)
}

impl El {
    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    pub fn attr(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Leads to a page of the remote; `address` is as of its `Route`.
    pub fn link(self, address: &str) -> Self {
        self.attr("href", &crate::net::place::at(address))
    }

    pub fn text(self, text: &str) -> Self {
        let _ = self.0.append_child(&document().create_text_node(text));
        self
    }

    pub fn child(self, child: El) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    pub fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// The element's whole text follows `text`.
    pub fn text_of(self, text: impl Fn() -> String + 'static) -> Self {
        self.text_by(Box::new(text))
    }

    fn text_by(self, text: Box<dyn Fn() -> String>) -> Self {
        let node = document().create_text_node("");
        let _ = self.0.append_child(&node);
        effect(move || node.set_data(&text()));
        self
    }

    /// The attribute follows `value`; `None` removes it.
    pub fn attr_of(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.attr_by(name, Box::new(value))
    }

    fn attr_by(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let element = self.0.clone();
        effect(move || set_attr(&element, name, value()));
        self
    }

    /// An attribute without a value, such as `disabled` or `hidden`.
    pub fn flag_of(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.flag_by(name, Box::new(on))
    }

    fn flag_by(self, name: &'static str, on: Box<dyn Fn() -> bool>) -> Self {
        self.attr_of(name, move || on().then(String::new))
    }

    pub fn class_of(self, class: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.class_by(class, Box::new(on))
    }

    fn class_by(self, class: &'static str, on: Box<dyn Fn() -> bool>) -> Self {
        let list = self.0.class_list();
        effect(move || {
            let _ = list.toggle_with_force(class, on());
        });
        self
    }

    /// A style property follows `value`.
    pub fn style_of(self, property: &'static str, value: impl Fn() -> String + 'static) -> Self {
        self.style_by(property, Box::new(value))
    }

    fn style_by(self, property: &'static str, value: Box<dyn Fn() -> String>) -> Self {
        let element = self.0.clone();
        effect(move || set_style(&element, property, &value()));
        self
    }

    /// Listens until the scope ends that is open now.
    pub fn on(self, event: &'static str, hear: impl FnMut(Event) + 'static) -> Self {
        self.on_by(event, Box::new(hear))
    }

    fn on_by(self, event: &'static str, hear: Box<dyn FnMut(Event)>) -> Self {
        listen_boxed(self.0.clone().into(), event, hear);
        self
    }

    /// The content follows `make`; what was there before ends.
    pub fn content_of(self, make: impl Fn() -> Option<El> + 'static) -> Self {
        self.content_by(Box::new(make))
    }

    fn content_by(self, make: Box<dyn Fn() -> Option<El>>) -> Self {
        let element = self.0.clone();
        effect(move || {
            let made = make();
            element.set_text_content(None);
            if let Some(made) = made {
                let _ = element.append_child(&made.0);
            }
        });
        self
    }
}

fn set_attr(element: &Element, name: &str, value: Option<String>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, &value),
        None => element.remove_attribute(name),
    };
}

/// Sets a style property through CSSOM.
pub fn set_style(element: &Element, property: &str, value: &str) {
    if let Some(style) = element.dyn_ref::<HtmlElement>().map(HtmlElement::style) {
        let _ = style.set_property(property, value);
    }
}

/// Puts the focus on an element without scrolling to it.
pub fn focus(element: &Element) {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"preventScroll".into(), &JsValue::TRUE);
    if let Ok(method) = js_sys::Reflect::get(element, &"focus".into())
        && let Some(method) = method.dyn_ref::<js_sys::Function>()
    {
        let _ = method.call1(element, &options);
    }
}

/// Listens to an event of anything until the scope ends that is open now. Handlers may call
/// `preventDefault`, also on wheel and touch.
pub fn listen(target: &EventTarget, event: &'static str, hear: impl FnMut(Event) + 'static) {
    listen_boxed(target.clone(), event, Box::new(hear));
}

fn listen_boxed(target: EventTarget, event: &'static str, hear: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(hear);
    let options = web_sys::AddEventListenerOptions::new();
    options.set_passive(event == "scroll");
    let function = closure.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(event, function, &options);
    on_cleanup(move || {
        let _ = target.remove_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    });
}

/// Puts `node` at `place` among the children of `parent`.
pub fn insert_at(parent: &Element, node: &Node, place: u32) {
    let before = parent.child_nodes().item(place);
    if before.as_ref() != Some(node) {
        let _ = parent.insert_before(node, before.as_ref());
    }
}
