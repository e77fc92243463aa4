/** What the namespace driver decides before it acts, as data: addresses, links, rules, words for bwrap, limits (design.md 4). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { isolationFor } from '../../src/machine/building/isolation.ts'
import { routedNetworks } from '../../src/machine/building/network.ts'
import { connecting } from '../../src/machine/guest/namespace/connecting.ts'
import { interfacesIn } from '../../src/machine/guest/namespace/forwarding.ts'
import { guestNetworkOf, linkOf } from '../../src/machine/guest/namespace/guest-network.ts'
import type { Lack } from '../../src/machine/guest/namespace/lacks.ts'
import { limitsOf } from '../../src/machine/guest/namespace/limits.ts'
import { guestEnd, machineEnd } from '../../src/machine/guest/namespace/links.ts'
import { markOf } from '../../src/machine/guest/namespace/marks.ts'
import { defaultInterfaces } from '../../src/machine/guest/namespace/outward.ts'
import { namesServers, reachableServers } from '../../src/machine/guest/namespace/resolver.ts'
import { admission, dismissal, openings, reachable, tableRules } from '../../src/machine/guest/namespace/rules.ts'
import { bwrapWords } from '../../src/machine/guest/namespace/sandbox.ts'

const network = guestNetworkOf('127.77.0.10')
const byte = (min: number, max: number) => fc.integer({ min, max })

describe('the network of a host', () => {
  it('follows from its wire address', () => {
    assert.deepEqual(network, {
      fabric: 77,
      machine: '10.77.10.0',
      overlay: 'rd77-vx',
      subnet: '10.77.10.0/24',
      fabricSubnet: '10.77.0.0/16',
      links: 'rd77-10-',
      fabricLinks: 'rd77-',
      name: 'reddog-77-10',
      wireAddress: '127.77.0.10',
      publicSubnet: '127.77.0.0/20',
      vips: ['127.77.1.0', '127.77.15.255'],
      blobAddress: '127.77.0.3',
    })
  })

  it('has names of links that the kernel takes, each its own, whatever the host and the guest', () => {
    fc.assert(
      fc.property(byte(16, 250), byte(10, 210), byte(1, 254), (fabric, host, guest) => {
        const link = linkOf(guestNetworkOf(`127.${fabric}.0.${host}`), `10.${fabric}.${host}.${guest}`)
        assert.ok(link.length <= 15 && link === `rd${fabric}-${host}-${guest}`)
      }),
    )
  })

  it('is joined to a guest by a routed link, without a bridge', () => {
    assert.equal(
      machineEnd(network, '10.77.10.7', 4711),
      `link add rd77-10-7 type veth peer name eth0 netns 4711
address add 169.254.1.1/32 dev rd77-10-7
link set rd77-10-7 up
route add 10.77.10.7/32 dev rd77-10-7 src 169.254.1.1
`,
    )
    assert.match(guestEnd(network, '10.77.10.7'), /^address add 10\.77\.10\.7\/32 dev eth0$/m)
  })

  it('is joined by tools that each have read all of their words, and not joined when one of them fails', (t) => {
    const guest = { address: '10.77.10.7', wirePort: 4555, owner: { deploymentId: 'd', role: 'W' }, open: [] }
    const words = connecting(network, guest, 4711)
    const read = {
      ip: machineEnd(network, guest.address, 4711),
      nft: admission(network, guest) + openings(network, guest),
      nsenter: guestEnd(network, guest.address),
    }
    const tools = mkdtempSync(join(tmpdir(), 'reddog-test-'))
    t.after(() => rmSync(tools, { recursive: true }))
    for (const failing of [undefined, ...Object.keys(read)]) {
      for (const tool of Object.keys(read)) {
        const text = `#!/bin/sh\ncat >"$0.read"\nexit ${tool === failing ? 3 : 0}\n`
        writeFileSync(join(tools, tool), text, { mode: 0o755 })
      }
      const env = { PATH: `${tools}:${process.env['PATH']}` }
      const { status } = spawnSync('sh', ['-es'], { input: words, env })
      assert.equal(status, failing ? 3 : 0, failing)
      if (failing) continue
      for (const [tool, text] of Object.entries(read))
        assert.equal(readFileSync(join(tools, `${tool}.read`), 'utf8'), text, tool)
    }
  })
})

describe('the rules', () => {
  it('speak of nothing but the addresses and links of this fabric', () => {
    const rules = tableRules(network)
      .split('\n')
      .filter((line) => line.startsWith('add rule'))
    for (const line of rules) assert.match(line, /"rd77-(10-)?\*"|10\.77\.10\.0\/24|vmap @(senders|askers)/, line)
  })

  it('hold a guest to its own address and lead it to its own wire server', () => {
    const rules = admission(network, { address: '10.77.10.7', wirePort: 4555 })
    assert.match(rules, /asker-7 tcp dport 80 dnat to 127\.77\.0\.10:4555$/m)
  })

  it('let guests reach VIPs and the Blob service, and what listens on all addresses of the machine nowhere', () => {
    const rules = reachable(network)
      .split('\n')
      .filter((line) => line.startsWith('add rule'))
    assert.deepEqual(
      rules.map((line) => line.replace(/^.* reaching /, '')),
      [
        'ip daddr 127.77.1.0-127.77.15.255 socket wildcard 0 accept',
        'ip daddr 127.77.0.3 tcp dport 10000 socket wildcard 0 accept',
      ],
    )
  })

  it('open the declared ports, of both protocols where any is declared, to the roles that may call them, and refuse all others (A-27, A-28)', () => {
    const owner = { deploymentId: 'd1', role: 'Web' }
    const [web, worker, elsewhere] = [owner, { ...owner, role: 'Worker' }, { ...owner, deploymentId: 'd2' }].map(markOf)
    const rules = openings(network, {
      address: '10.77.10.7',
      owner,
      open: [
        { protocol: 'tcp', first: 80, last: 80, callers: ['Web', 'Worker'] },
        { protocol: 'any', first: 5000, last: 5010, callers: ['Worker'] },
        { protocol: 'tcp', first: 16_001, last: 16_001, callers: [] },
      ],
    }).split('\n')
    const of = (chain: string) =>
      rules
        .filter((line) => line.startsWith(`add rule ip reddog-77-10 ${chain}-7 `))
        .map((line) => line.replace(/^.*-7 /, ''))
    assert.deepEqual(of('sender'), ['ip saddr != 10.77.10.7 drop', `ip daddr 10.77.0.0/16 meta mark set ${web}`])
    assert.deepEqual(of('called'), [
      `meta mark { ${web}, ${worker} } tcp dport 80-80 meta mark set 0 accept`,
      `meta mark { ${worker} } tcp dport 5000-5010 meta mark set 0 accept`,
      `meta mark { ${worker} } udp dport 5000-5010 meta mark set 0 accept`,
      `meta mark { ${web}, ${worker} } icmp type echo-request meta mark set 0 accept`,
      'reject',
    ])
    assert.equal(new Set([web, worker, elsewhere, 0]).size, 4)
    assert.deepEqual(of('receiver'), [
      'tcp dport 80-80 accept',
      'tcp dport 5000-5010 accept',
      'udp dport 5000-5010 accept',
      'tcp dport 16001-16001 accept',
      'icmp type echo-request accept',
      'reject',
    ])
  })

  it('name all that they take away before, so that a guest which was never let in can be taken out', () => {
    const lines = dismissal(network, '10.77.10.7').split('\n')
    for (const [kind, , , table, name] of lines.map((line) => line.split(' ')).filter(([verb]) => verb === 'delete'))
      assert.ok(
        lines.some((line) => line.startsWith('add ') && line.includes(` ${table} ${name}`)),
        `${kind} ${name}`,
      )
  })
})

describe('the words for bwrap', () => {
  const sandbox = {
    root: '/data/hosts/host1/guests/1',
    run: '/run/reddog-1',
    shown: ['/opt/reddog/dist', '/data/hosts/host1/packages'],
    node: '/home/me/node/bin/node',
    uid: 200_001,
    resolver: undefined,
    command: ['/opt/reddog/dist/WaAppAgent', '/data/hosts/host1/guests/1/guest.json'],
  }
  const words = bwrapWords(sandbox)
  const pairs = (option: string) => words.flatMap((word, index) => (word === option ? [words[index + 1]] : []))

  it('let a guest write to its drives and sockets alone', () => {
    const root = '/data/hosts/host1/guests/1'
    assert.deepEqual(pairs('--bind'), [...['c', 'd', 'e', 'f'].map((drive) => `${root}/${drive}`), '/run/reddog-1'])
  })

  it('lay lists of accounts of its own over those of the system', () => {
    const accounts = [{ file: '/data/passwd', at: '/etc/passwd' }]
    const own = bwrapWords({ ...sandbox, accounts }).join(' ')
    assert.match(own, /--ro-bind-try \/etc \/etc .*--bind \/data\/passwd \/etc\/passwd /)
  })

  it('show neither homes nor the state of the system, and open the way to what is shown', () => {
    for (const closed of ['/', '/home', '/root', '/var', '/run', '/sys', '/data'])
      assert.ok(!pairs('--ro-bind').includes(closed) && !pairs('--ro-bind-try').includes(closed), closed)
    assert.deepEqual(pairs('--dir').slice(0, 3), ['/home', '/home/me', '/home/me/node'])
  })

  it('let it outlive its starter, and run without any right', () => {
    assert.ok(!words.includes('--die-with-parent'))
    const text = words.join(' ')
    assert.match(text, /-- setpriv --reuid 200001 --regid 200001 --clear-groups .*--no-new-privs \/opt/)
  })

  it('are the same for an ordinary user, whose guests have a user namespace in place of an account', () => {
    const own = bwrapWords({ ...sandbox, uid: undefined })
    const added = '--unshare-user --uid 200000 --gid 200000 --cap-drop ALL'.split(' ')
    const rest = own.slice(0, own.indexOf('--unshare-user'))
    assert.deepEqual(own.slice(rest.length, rest.length + added.length), added)
    const given = words.slice(words.indexOf('setpriv'), words.indexOf('--no-new-privs') + 1)
    const without = words.filter(
      (_, index) => index < words.indexOf('setpriv') || index >= words.indexOf('setpriv') + given.length,
    )
    assert.deepEqual([...rest, ...own.slice(rest.length + added.length)], without)
  })
})

describe('the limits', () => {
  it('are those of the size, in the words of either version', () => {
    const small = { cores: 1, memoryMB: 1792 }
    const values = (version: 1 | 2) => limitsOf(small, version).map(({ file, value }) => `${file}=${value}`)
    assert.deepEqual(values(1), [
      'memory.limit_in_bytes=1879048192',
      'pids.max=1024',
      'cpu.cfs_quota_us=100000',
      'cpu.shares=1024',
    ])
    assert.deepEqual(values(2), ['memory.max=1879048192', 'pids.max=1024', 'cpu.max=100000 100000', 'cpu.weight=100'])
  })
})

describe('what is read of the machine', () => {
  it('is the DNS servers that a guest can reach', () => {
    const lines = reachableServers('search here\nnameserver 127.0.0.53\nnameserver ::1\n')
    assert.deepEqual([lines, namesServers(lines)], [['search here', ''], false])
    assert.ok(namesServers(reachableServers('nameserver 10.0.0.2')))
  })

  it('is the interface of the default route, and the networks that are somebody else’s', () => {
    const table = [
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask',
      'eth0\t00000000\t0104A8C0\t0003\t0\t0\t0\t00000000',
      'tun0\t0000590A\t00000000\t0001\t0\t0\t0\t0000FFFF',
      'eth0\t0004A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF',
    ].join('\n')
    assert.deepEqual(defaultInterfaces(table), ['eth0'])
    assert.deepEqual(routedNetworks(table), [89])
  })

  it('has those that did not forward noted in a set of nft', () => {
    const set = (elements: string) =>
      `table ip reddog-forwarding {\n\tset interfaces {\n\t\ttype ifname\n${elements}\t}\n}\n`
    assert.deepEqual(interfacesIn(set('\t\telements = { "eth0", "wlan0.5" }\n')), ['eth0', 'wlan0.5'])
    assert.deepEqual(interfacesIn(set('')), [])
  })
})

describe('--isolation', () => {
  const lack: Lack = { blocks: true, sentence: 'bubblewrap is missing.' }
  const unlimited: Lack = { blocks: false, sentence: 'No limits.' }
  const rows = [
    ['auto', undefined, [], 'namespace'],
    ['auto', undefined, [unlimited], 'namespace'],
    ['auto', undefined, [lack], 'process'],
    ['auto', 'process', [], 'process'],
    ['auto', 'namespace', [], 'namespace'],
    ['auto', 'namespace', [lack], /since its first start.*|have them/],
    ['namespace', undefined, [], 'namespace'],
    ['namespace', undefined, [lack], /bubblewrap is missing/],
    ['process', undefined, [], 'process'],
    ['process', 'namespace', [], /kept apart by namespace since its first start/],
    ['namespace', 'process', [], /kept apart by process since its first start/],
  ] as const
  for (const [asked, held, lacks, found] of rows)
    it(`${asked} on a directory of ${held ?? 'nobody'}${lacks.length > 0 ? `, where "${lacks[0]?.sentence}"` : ''}`, () => {
      if (typeof found === 'string') assert.equal(isolationFor(asked, held, lacks), found)
      else assert.throws(() => isolationFor(asked, held, lacks), found)
    })
})
