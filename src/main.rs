//! The `imconn` command.

fn main() -> std::process::ExitCode {
    imconn::run()
}
