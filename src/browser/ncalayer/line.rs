//! A WebSocket, a timer and the «cancel» button as one thing to wait for.

use super::cancel::Cancel;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, WebSocket};

/// What happened first.
pub(super) enum Heard {
    Opened,
    Text(String),
    /// A frame of bytes, or one that is too long to be looked at.
    Unreadable,
    Closed,
    TimeOver,
    Cancelled,
}

/// Frames that nobody has taken yet; a talk needs one or two.
const MOST_WAITING: usize = 16;

#[derive(Default)]
struct Inbox {
    heard: VecDeque<Heard>,
    waker: Option<Waker>,
    /// In UTF-16 units.
    limit: u32,
    closed: bool,
}

impl Inbox {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn put(&mut self, heard: Heard) {
        // What a flood leaves out is missed by nobody: the first wrong frame ends the talk.
        if self.heard.len() < MOST_WAITING {
            self.heard.push_back(heard);
        }
        self.wake();
    }
}

/// An open or opening socket. Closes when dropped.
pub(super) struct Line {
    socket: WebSocket,
    inbox: Rc<RefCell<Inbox>>,
    on_open: Closure<dyn FnMut()>,
    on_close: Closure<dyn FnMut()>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Line {
    /// `None` if the browser refuses the address itself.
    pub(super) fn open(address: &str) -> Option<Self> {
        let socket = WebSocket::new(address).ok()?;
        let inbox = Rc::new(RefCell::new(Inbox::default()));
        let of_open = Rc::clone(&inbox);
        let of_close = Rc::clone(&inbox);
        let of_message = Rc::clone(&inbox);
        let line = Self {
            on_open: Closure::new(move || of_open.borrow_mut().put(Heard::Opened)),
            on_close: Closure::new(move || {
                let mut inbox = of_close.borrow_mut();
                inbox.closed = true;
                inbox.wake();
            }),
            on_message: Closure::new(move |event: MessageEvent| {
                let mut inbox = of_message.borrow_mut();
                let heard = read(&event.data(), inbox.limit);
                inbox.put(heard);
            }),
            socket,
            inbox,
        };
        // `error` says nothing that `close`, which always follows it, doesn't.
        line.socket
            .set_onopen(Some(line.on_open.as_ref().unchecked_ref()));
        line.socket
            .set_onclose(Some(line.on_close.as_ref().unchecked_ref()));
        line.socket
            .set_onmessage(Some(line.on_message.as_ref().unchecked_ref()));
        Some(line)
    }

    /// The longest frame that will be looked at, in UTF-16 units.
    pub(super) fn limit_frames(&self, limit: usize) {
        self.inbox.borrow_mut().limit = u32::try_from(limit).unwrap_or(u32::MAX);
    }

    pub(super) fn say(&self, frame: &str) {
        // A socket that can't send any more has closed, which is heard next.
        let _ = self.socket.send_with_str(frame);
    }

    /// Waits for whatever happens first. Frames that came before the closing are heard before it.
    pub(super) async fn hear(&self, timer: &Timer, cancel: &Cancel) -> Heard {
        poll_fn(|context| {
            if cancel.is_asked() {
                return Poll::Ready(Heard::Cancelled);
            }
            let mut inbox = self.inbox.borrow_mut();
            if let Some(heard) = inbox.heard.pop_front() {
                return Poll::Ready(heard);
            }
            if inbox.closed {
                return Poll::Ready(Heard::Closed);
            }
            let mut time = timer.state.borrow_mut();
            if time.over {
                return Poll::Ready(Heard::TimeOver);
            }
            cancel.wake(context.waker());
            inbox.waker = Some(context.waker().clone());
            time.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// Looks at the length before the text is copied out of the browser.
fn read(data: &JsValue, limit: u32) -> Heard {
    match data.dyn_ref::<js_sys::JsString>() {
        Some(text) if text.length() <= limit => Heard::Text(text.into()),
        _ => Heard::Unreadable,
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        self.socket.set_onmessage(None);
        // Fails only for a close code or reason of ours, and there is none.
        let _ = self.socket.close();
    }
}

#[derive(Default)]
struct Time {
    over: bool,
    waker: Option<Waker>,
}

/// One span of time, from its making on.
pub(super) struct Timer {
    state: Rc<RefCell<Time>>,
    id: Option<i32>,
    _ring: Closure<dyn FnMut()>,
}

impl Timer {
    pub(super) fn after(ms: i32) -> Self {
        let state = Rc::new(RefCell::new(Time::default()));
        let of_ring = Rc::clone(&state);
        let ring = Closure::<dyn FnMut()>::new(move || {
            let mut time = of_ring.borrow_mut();
            time.over = true;
            if let Some(waker) = time.waker.take() {
                waker.wake();
            }
        });
        let id = web_sys::window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(ring.as_ref().unchecked_ref(), ms)
                .ok()
        });
        Self {
            state,
            id,
            _ring: ring,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (web_sys::window(), self.id) {
            window.clear_timeout_with_handle(id);
        }
    }
}
