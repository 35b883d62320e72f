// Does what each message says: ../python/app.py in Rust, without an SDK.
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let mut failures = Vec::new();
    let context = &event.context;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis() as i64;
    let left = context.deadline as i64 - now;
    for record in event.payload["Records"].as_array().ok_or("no Records")? {
        let body: Value = serde_json::from_str(record["body"].as_str().ok_or("no body")?)?;
        let line = json!({
            "level": "INFO", "id": body["id"], "run": context.request_id, "arn": context.invoked_function_arn,
            "name": context.env_config.function_name, "memory": context.env_config.memory.to_string(),
            "in_time": 0 < left && left <= 60_000, "message": record["messageId"],
        });
        println!("{line}");
        match body["do"].as_str() {
            Some("bad") => failures.push(json!({"itemIdentifier": record["messageId"]})),
            Some("error") => return Err(body["id"].as_str().unwrap_or_default().to_string().into()),
            _ => {}
        }
    }
    Ok(json!({"batchItemFailures": failures}))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
