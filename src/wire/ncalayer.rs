//! Frames of NCALayer's WebSocket, as the page writes requests and reads answers.
