//! How p95 of every question grows from ten thousand people in the database to a million, under the mix of `cabinet-load`;
//! both servers are driven in turns within one run, and the machine's own limits stand beside them.

use cabinet::demo::driver::DriverError;
use cabinet::demo::driver::load::{Plan, Site, limits, side_by_side};
use std::path::Path;
use std::time::Duration;

const PEOPLE: [u64; 2] = [10_000, 1_000_000];
const AT_ONCE: usize = 8;
const TURNS: u32 = 4;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Err(error) = runtime.block_on(measure()) {
        panic!("{error}");
    }
}

async fn measure() -> Result<(), DriverError> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut sites = Vec::new();
    for people in PEOPLE {
        let plan = Plan {
            program: Path::new(env!("CARGO_BIN_EXE_cabinet")).to_owned(),
            folder: folder.path().join(people.to_string()),
            people,
            at_once: AT_ONCE,
            seed: 1,
            settings: String::new(),
        };
        sites.push(Site::open(plan, |_| {}).await?);
    }
    print!("{}", limits(&sites[0])?);
    println!(
        "\n{}",
        side_by_side(&mut sites, TURNS, Duration::from_secs(5)).await
    );
    for site in &sites {
        println!("{}", site.report());
        assert_eq!(site.lost().await?, Vec::<String>::new());
    }
    Ok(())
}
