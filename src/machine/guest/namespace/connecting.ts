import type { GuestNetwork } from './guest-network.ts'
import { guestEnd, machineEnd } from './links.ts'
import { type Admitted, admission, type Opened, openings } from './rules.ts'

/** Settings that only a process inside may write. */
const settings = 'cd /proc/sys/net/ipv4 && echo 0 >ip_unprivileged_port_start && echo 1 >conf/eth0/route_localnet'

/** Words for `sh -es` that link the network of process `pid` to the machine: its end; then that inside, beside the rules that let the guest in. */
export function connecting(network: GuestNetwork, guest: Admitted & Opened, pid: number, mtu?: number): string {
  return `ip -batch - <<'.'
${machineEnd(network, guest.address, pid, mtu)}.
nft -f - <<'.' &
${admission(network, guest)}${openings(network, guest)}.
rules=$!
nsenter -t ${pid} -n sh -c 'ip -batch - && ${settings}' <<'.' || failed=$?
${guestEnd(network, guest.address)}.
wait $rules
exit \${failed:-0}
`
}
