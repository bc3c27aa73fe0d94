//! The speed of the codec: a form as delivered by a portal, and the answer to a full batch.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use imconn::wire::batch;
use imconn::wire::form::{Limits, decode, encode};
use serde_json::{Value, json};

/// A delivery with a number of messages.
fn delivery(messages: usize) -> Value {
    json!({
        "event": "ONIMCONNECTORMESSAGEADD",
        "data": {"CONNECTOR": "my", "LINE": "1", "MESSAGES": (0..messages).map(message).collect::<Vec<_>>()},
        "auth": {"domain": "acme.bitrix24.com", "member_id": "0123456789abcdef", "application_token": "0123456789abcdef"},
    })
}

fn message(n: usize) -> Value {
    json!({
        "im": {"chat_id": (1800 + n).to_string(), "message_id": n.to_string()},
        "message": {"user_id": "1", "text": "Добрый день! How can I help you?"},
        "chat": {"id": "chat-42"},
    })
}

fn form(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("form");
    for messages in [1, 100] {
        let value = delivery(messages);
        let members = value.as_object().expect("an object");
        let body = encode(members);
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(format!("encode {messages}"), |bench| bench.iter(|| encode(black_box(members))));
        group.bench_function(format!("decode {messages}"), |bench| {
            bench.iter(|| decode(black_box(&body), Limits::default()).expect("a form"));
        });
    }
    group.finish();
}

fn batch_answer(criterion: &mut Criterion) {
    let results: serde_json::Map<String, Value> =
        (0..batch::MAX_COMMANDS).map(|n| (format!("c{n}"), json!(true))).collect();
    let text = json!({"result": results, "result_error": [], "result_total": [], "result_time": []}).to_string();
    criterion.bench_function("batch of 50", |bench| {
        bench.iter(|| {
            let answer: Value = serde_json::from_str(black_box(&text)).expect("JSON");
            batch::decode(&answer, batch::MAX_COMMANDS).expect("a batch")
        });
    });
}

criterion_group!(benches, form, batch_answer);
criterion_main!(benches);
