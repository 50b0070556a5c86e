//! One connection: a greeting, heartbeats, and one request at a time, as long as the window may take.

use super::frames::{Call, Frame, greeting, not_json};
use super::modules::{Job, Next, Work, dispatch};
use super::{Mode, NcaLayer, Script};
use axum::Router;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

const HEARTBEAT: &str = "--heartbeat--";

/// As large as a hostile program's frame in the cabinet's tests.
const HUGE: usize = 50 * 1024 * 1024;

pub(super) fn router(simulator: NcaLayer) -> Router {
    Router::new().route("/", get(enter)).with_state(simulator)
}

/// The real program shows a page to whoever opens its address in a browser.
async fn enter(
    State(simulator): State<NcaLayer>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(HUGE)
            .on_upgrade(move |socket| talk(socket, simulator)),
        Err(_) => {
            Html("<!doctype html><title>NCALayer</title><p>NCALayer (simulator) is running.").into_response()
        }
    }
}

type Working = Pin<Box<dyn Future<Output = Vec<Message>> + Send>>;

async fn talk(mut socket: WebSocket, simulator: NcaLayer) {
    let hello = match simulator.script() {
        Script {
            mode: Mode::NoGreeting,
            ..
        } => None,
        Script {
            mode: Mode::WrongGreeting,
            ..
        } => Some(r#"{"hello":"world"}"#.to_owned()),
        script => Some(greeting(&script.version).text(simulator.turn())),
    };
    if let Some(hello) = hello
        && socket.send(Message::text(hello)).await.is_err()
    {
        return;
    }
    let mut locale = "ru".to_owned();
    let mut working: Option<Working> = None;
    let mut waiting: VecDeque<String> = VecDeque::new();
    loop {
        // A request that came during another one waits for it: the window is modal.
        if working.is_none()
            && let Some(text) = waiting.pop_front()
        {
            working = Some(begin(&simulator, &text, &mut locale));
        }
        let work = async {
            match &mut working {
                Some(working) => working.await,
                None => pending().await,
            }
        };
        tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) if text.as_str() == HEARTBEAT => {
                    if socket.send(Message::text(HEARTBEAT)).await.is_err() {
                        return;
                    }
                }
                Some(Ok(Message::Text(text))) => waiting.push_back(text.to_string()),
                // Closing: the window of the request goes with it.
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
            answers = work => {
                working = None;
                for answer in answers {
                    let is_end = matches!(answer, Message::Close(_));
                    if socket.send(answer).await.is_err() || is_end {
                        return;
                    }
                }
            }
        }
    }
}

fn begin(simulator: &NcaLayer, text: &str, locale: &mut String) -> Working {
    let said = |frame: Frame| -> Working {
        let text = frame.text(simulator.turn());
        Box::pin(async { vec![Message::text(text)] })
    };
    let Some(call) = Call::read(text) else {
        return said(not_json());
    };
    let script = simulator.script();
    match dispatch(call, &script, locale) {
        Next::Answer(frame) => said(frame),
        Next::Window(job) => Box::pin(window(simulator.clone(), script, job)),
    }
}

async fn window(simulator: NcaLayer, script: Script, mut job: Job) -> Vec<Message> {
    if script.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(script.delay_ms)).await;
    }
    if script.mode == Mode::AnotherDocument
        && let Work::Sign { documents, .. } = &mut job.work
    {
        *documents = vec![b"Something the person has never seen".to_vec()];
    }
    let frame = match script.mode {
        Mode::Dialog => match simulator.dialogs().open(&job).await {
            Some(key) => job.done(&simulator, &key, &script),
            None => job.cancelled(),
        },
        Mode::Auto | Mode::AnotherDocument | Mode::Twice | Mode::NoGreeting | Mode::WrongGreeting => {
            match chosen(&simulator, &script, &job) {
                Some(key) => job.done(&simulator, &key, &script),
                None => pending().await,
            }
        }
        Mode::Cancel => job.cancelled(),
        Mode::InvocationError => job.invocation_error(),
        Mode::GeneralError => job.general_error(),
        Mode::SigningFailure => job.signing_failure("java.io.IOException: scripted"),
        Mode::ErrorWithoutMessage => super::frames::common_utils::failure_without_message(),
        Mode::TypeMismatch => job.type_mismatch(),
        Mode::Silent => pending().await,
        Mode::Close => return vec![Message::Close(None)],
        Mode::Garbage => return vec![Message::text("\u{fffd}{\"body\":")],
        Mode::Html => {
            return vec![Message::text(
                "<!doctype html><title>Hi</title><script>alert(1)</script>",
            )];
        }
        Mode::Binary => return vec![Message::binary(vec![0x30, 0x80])],
        Mode::Huge => return vec![Message::text(huge())],
        Mode::Nonsense => Frame::new([("status", true.into()), ("body", 7.into())]),
    };
    let text = frame.text(simulator.turn());
    if script.mode == Mode::Twice {
        return vec![Message::text(text.clone()), Message::text(text)];
    }
    vec![Message::text(text)]
}

fn huge() -> String {
    let mut text = r#"{"status":true,"body":{"result":""#.to_owned();
    text.push_str(&"MIIB".repeat(HUGE / 4));
    text.push_str(r#""}}"#);
    text
}

/// The script's key if it can be chosen, or the first that can.
fn chosen(simulator: &NcaLayer, script: &Script, job: &Job) -> Option<String> {
    let keys = simulator.keys().keys().iter();
    let mut named = keys.filter(|key| script.key.as_ref().is_none_or(|id| *id == key.id));
    named
        .find(|key| job.wanted.fits(key, script))
        .map(|key| key.id.clone())
}
