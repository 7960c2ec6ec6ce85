//! Any bytes as a recording: the first byte says of which program, or that it is to be found out.

use emvident::readers::{
    Transcript,
    trace::{self, Format, MAX_EXCHANGES},
};

/// The target.
pub fn run(input: &[u8]) {
    let Some((format, recording)) = input.split_first() else { return };
    let format = Format::ALL.get(usize::from(*format)).copied();
    let detected = Format::detect(recording);
    let trace = match trace::read(recording, format) {
        Ok(trace) => trace,
        Err(error) => {
            // As people read it.
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(Some(trace.format), format.or(detected));
    assert!(trace.exchanges.len() <= MAX_EXCHANGES);
    let joined = trace.joined();
    assert!(joined.len() <= trace.exchanges.len());
    assert!(joined.iter().all(|exchange| *exchange.numbers.end() <= trace.exchanges.len()));
    if let Some(transcript) = &trace.transcript {
        let text = transcript.to_string();
        assert_eq!(Transcript::parse(&text).as_ref(), Ok(transcript), "{text}");
    }
}
