//! Solving the server's puzzle, a little at a time, so that the page stays alive; where that takes too long, having waited is
//! enough.

use super::window;
use crate::domain::puzzle;

/// A frame or two of an old phone.
const AT_A_TIME: u64 = 8_000;

/// The proof to send.
pub async fn solve(text: String, bits: u32, wait_seconds: u32) -> String {
    let began = window::local_now().0;
    let mut from = 0;
    loop {
        if let Some(number) = puzzle::search(&text, bits, from, AT_A_TIME) {
            return [&text, ".", &number].concat();
        }
        from += AT_A_TIME;
        // A second more than asked, since clocks differ in their steps.
        if window::local_now().0 - began > i64::from(wait_seconds) * 1000 + 1000 {
            return [&text, "."].concat();
        }
        window::sleep(0).await;
    }
}
