//! Reads an account into a snapshot, or only its pages, and prints what that took as one line of JSON.
//!
//! `snapshot ENDPOINT_URL [collect|instances|bare] [--lines]`. `bare` reads the same pages of instances as `instances` and
//! looks at nothing but the token of the next: the pace of the server. `--lines` prints the snapshot instead. Keys are
//! those of the environment, or else made up: an emulator takes any.

use onehop_aws::ops::instances::DescribeInstances;
use onehop_aws::ops::regions::DescribeRegions;
use onehop_aws::{
    Action, Client, Keys, NoProgress, Operation, Paged, Plan, Request, Settings, Unreadable, collect,
};
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

#[derive(Clone)]
struct Bare(DescribeInstances);

struct Page {
    instances: usize,
    bytes: usize,
    next: Option<String>,
}

impl Operation for Bare {
    type Output = Page;
    const ACTION: Action = Action::DescribeInstances;

    fn request(&self) -> Request {
        self.0.request()
    }

    fn parse(body: &[u8]) -> Result<Page, Unreadable> {
        let open = b"<nextToken>";
        let tail = &body[body.len().saturating_sub(200)..];
        let at = memchr::memmem::find(tail, open).map(|at| at + open.len());
        let next = at.and_then(|at| {
            let end = memchr::memmem::find(&tail[at..], b"<")?;
            String::from_utf8(tail[at..at + end].to_vec()).ok()
        });
        Ok(Page { instances: 0, bytes: body.len(), next })
    }
}

impl Paged for Bare {
    fn next(output: &Page) -> Option<&str> {
        output.next.as_deref()
    }

    fn at(&mut self, token: String) {
        self.0.next_token = Some(token);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run())
}

#[expect(clippy::print_stdout, reason = "the line is what this program says")]
async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let endpoint =
        arguments.next().ok_or("usage: snapshot ENDPOINT_URL [collect|instances|bare] [--lines]")?;
    let mode = arguments.next().unwrap_or_else(|| "collect".to_owned());
    let variable = |name: &str, or: &str| std::env::var(name).unwrap_or_else(|_| or.to_owned());
    let keys = Keys::fixed(
        &variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        &variable("AWS_SECRET_ACCESS_KEY", "not-a-real-key"),
        None,
    );
    let settings = Settings { endpoint_url: Some(endpoint), ..Settings::default() };
    let client = Client::new(keys, &variable("AWS_REGION", "us-east-1"), settings);
    let began = Instant::now();
    let (instances, bytes) = match mode.as_str() {
        "bare" => all(&client, Bare, |page| (page.instances, page.bytes)).await?,
        "instances" => all(&client, |ask| ask, |page| (page.instances.len(), 0)).await?,
        _ => {
            let snapshot = collect(&client, &Plan::default(), Arc::new(NoProgress)).await?;
            if arguments.next().is_some() {
                snapshot.lines().for_each(|line| println!("{line}"));
                return Ok(());
            }
            let regions = snapshot.accounts.iter().flat_map(|account| &account.regions);
            (regions.map(|region| region.instances.len()).sum(), 0)
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    let line = serde_json::json!({"mode": mode, "instances": instances, "bytes": bytes, "seconds": seconds,
        "resident_peak_mib": resident_peak_mib()});
    println!("{line}");
    Ok(())
}

/// All regions side by side; sums of what is counted.
async fn all<O: Paged>(
    client: &Client,
    wrap: impl Fn(DescribeInstances) -> O,
    count: impl Fn(O::Output) -> (usize, usize) + Copy + Send + Sync + 'static,
) -> Result<(usize, usize), Box<dyn Error>> {
    let mut tasks = tokio::task::JoinSet::new();
    for region in client.call(&DescribeRegions).await? {
        let ask = wrap(DescribeInstances { page_size: Some(1000), ..DescribeInstances::default() });
        let client = client.in_region(&region);
        tasks.spawn(async move {
            let mut sums = (0, 0);
            let add = |page| {
                let (instances, bytes) = count(page);
                sums = (sums.0 + instances, sums.1 + bytes);
            };
            client.pages(ask, add).await.map(|()| sums)
        });
    }
    let mut sums = (0, 0);
    while let Some(done) = tasks.join_next().await {
        let (instances, bytes) = done??;
        sums = (sums.0 + instances, sums.1 + bytes);
    }
    Ok(sums)
}

/// `VmHWM` of this process; 0 where there is no such file.
fn resident_peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
