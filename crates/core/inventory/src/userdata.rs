//! What user data says about containers and about reads without a token. The text itself is not kept: it may hold secrets.

use crate::record::record;
use onehop_posture::{Containers, Sign};

record! {
    /// Signs in user data.
    pub struct UserData {
        /// Signs of containers.
        pub signs: Vec<Sign>,
        /// Whether the agent of ECS is told to keep `awsvpc` tasks from the service.
        pub ecs_blocks_awsvpc: bool,
        /// Lines, from one, that read the metadata service without a token; at most 20.
        pub reads_without_token: Vec<u32>,
    }
}

/// More is no start script.
const MAX_BYTES: usize = 256 * 1024;
const MAX_READS: usize = 20;

/// Words of a line, and what runs there if they are in it.
const SIGNS: [(&str, Containers); 13] = [
    ("/etc/eks/bootstrap.sh", Containers::Kubernetes),
    ("nodeadm", Containers::Kubernetes),
    ("node.eks.aws", Containers::Kubernetes),
    ("kubeadm join", Containers::Kubernetes),
    ("k3s", Containers::Kubernetes),
    ("cilium", Containers::Overlay),
    ("calico", Containers::Overlay),
    ("flannel", Containers::Overlay),
    ("ecs_cluster", Containers::Ecs),
    ("docker run", Containers::Bridge),
    ("docker compose", Containers::Bridge),
    ("docker-compose", Containers::Bridge),
    ("podman run", Containers::Bridge),
];

const ADDRESSES: [&str; 3] = ["169.254.169.254", "fd00:ec2::254", "instance-data/latest"];
const CLIENTS: [&str; 7] =
    ["curl", "wget", "invoke-restmethod", "invoke-webrequest", "irm ", "iwr ", "http://"];

impl UserData {
    /// Reads signs from user data that has been decoded from base64. Looks at the first 256 KiB.
    pub fn read(bytes: &[u8]) -> UserData {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES)]).to_ascii_lowercase();
        let mut found = UserData::default();
        for (number, line) in (1u32..).zip(text.lines()) {
            let line = line.trim();
            if line.starts_with('#') {
                continue;
            }
            found.look(line, number);
        }
        found
    }

    fn look(&mut self, line: &str, number: u32) {
        for (words, containers) in SIGNS {
            if line.contains(words) {
                self.add(containers_of(line, containers));
            }
        }
        if line.replace(['"', '\'', ' '], "").contains("ecs_awsvpc_block_imds=true") {
            self.ecs_blocks_awsvpc = true;
        }
        let reads = ADDRESSES.iter().any(|address| line.contains(address))
            && CLIENTS.iter().any(|client| line.contains(client));
        if reads && !line.contains("x-aws-ec2-metadata-token") && self.reads_without_token.len() < MAX_READS {
            self.reads_without_token.push(number);
        }
    }

    fn add(&mut self, containers: Containers) {
        if !self.signs.iter().any(|sign| sign.containers == containers) {
            self.signs.push(Sign { containers, seen_in: "the user data".into() });
        }
    }
}

/// A container that is run on the network of the host is no container behind a bridge.
fn containers_of(line: &str, containers: Containers) -> Containers {
    let host = ["--network host", "--network=host", "--net host", "--net=host"];
    if containers == Containers::Bridge && host.iter().any(|flag| line.contains(flag)) {
        Containers::HostNetwork
    } else {
        containers
    }
}
