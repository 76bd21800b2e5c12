//! pixi 0.15.2 on tokio's current-thread runtime: on the default one it sometimes loses a
//! wake-up between two threads after the solve and never ends.

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = pixi::cli::execute().await {
        eprintln!("{error:?}");
        std::process::exit(1);
    }
}
