/**
 * What a hostile role tries from inside of its guest, as one table: what is tried, and what must come of it in each rung; what a rung does not
 * promise has no word there (docs/guide/isolation.md). Ports of the machine are in namespaces.test.ts, and what another account may have
 * of a whole house in end-to-end/strangers.test.ts.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { GuestPlace } from '../../src/machine/guest/driver.ts'
import { processesOf } from '../../src/machine/guest/guest-processes.ts'
import { cgroupVersion } from '../../src/machine/guest/namespace/cgroups.ts'
import { systemCallFilter } from '../../src/machine/guest/namespace/system-calls.ts'
import type { WireDesk } from '../../src/machine/wire-server/desk.ts'
import { serveWire } from '../../src/machine/wire-server/wire-server.ts'
import { get } from '../end-to-end/house.ts'
import { rungs } from '../rungs.ts'
import { fabricOf, realGuests, said } from './real-guests.ts'

const fabric = fabricOf(249)

/** What the hostile role knows: all that a former employee would. */
interface Knowledge {
  /** Directory of the host. */
  readonly directory: string
  readonly neighbour: GuestPlace
  /** Number of a process of the neighbour, seen from outside. */
  readonly pid: number
  /** Port of the neighbour's wire server. */
  readonly wirePort: number
}

interface Attempt {
  readonly tries: string
  /** Lines of a shell. */
  readonly script: (known: Knowledge) => string
  /** What it prints must be of this form. */
  readonly namespace: RegExp
  readonly process?: RegExp
}

const denied = /Permission denied|Operation not permitted|No such file|must be root|cannot set|failed to (set|access)/
const all = (pattern: RegExp) => ({ namespace: pattern, process: pattern })

/** Nobody gets to it. */
const desk: unknown = {}
const log = { info() {}, warn() {}, error() {} }

/** Calls the kernel by its number on this machine, and prints the error. */
const call = (numbers: Readonly<Record<string, number>>, ...words: readonly (number | string)[]) =>
  `perl -e 'print syscall(${[numbers[process.arch], ...words].join(', ')}) < 0 ? $! : "done", "\\n"'`

/** Where Diagnostics of a guest keeps its rows, below C:. */
const monitor = 'Resources/Directory/deployment.Worker.DiagnosticStore/Monitor'

const node = (script: string) => `"$REDDOG_NODE" -e '${script}'`

const attempts: readonly Attempt[] = [
  // Files, sockets and settings of others.
  { tries: 'a file of a neighbour', script: ({ neighbour }) => `cat ${neighbour.root}/c/secret`, ...all(denied) },
  {
    tries: 'the settings of a neighbour',
    script: ({ neighbour }) => `cat ${neighbour.root}/guest.json`,
    ...all(denied),
  },
  {
    tries: 'to write into a neighbour',
    script: ({ neighbour }) => `echo evil > ${neighbour.root}/c/planted`,
    ...all(/Permission denied|nonexistent/),
  },
  { tries: 'the sockets of a neighbour', script: ({ neighbour }) => `ls ${neighbour.run}`, ...all(denied) },
  // What agents of plug-ins have in a neighbour.
  ...Object.entries({
    'the key by which operators know a neighbour': 'ProgramData/ssh/ssh_host_ed25519_key',
    'the storage key of a neighbour, which its settings have': 'Config/environment.xml',
    'the private keys of a neighbour, which open its passwords': 'Certificates/remote.key',
    'what a neighbour has not transferred yet': `${monitor}/Logs/0.rows`,
  }).map(([tries, file]) => ({
    tries,
    script: ({ neighbour }: Knowledge) => `cat ${neighbour.root}/c/${file}`,
    ...all(denied),
  })),
  {
    tries: 'to plant a link where Diagnostics of a neighbour writes',
    script: ({ neighbour }) => `ln -s /etc/passwd ${neighbour.root}/c/${monitor}/Logs/1.rows`,
    ...all(denied),
  },
  {
    tries: 'to take the place of an agent of a neighbour at its socket',
    script: ({ neighbour }) => `rm ${neighbour.run}/RemoteForwarder; ln -s /tmp ${neighbour.run}/DiagnosticsAgent`,
    ...all(denied),
  },
  {
    tries: 'to sign in to a neighbour past its forwarder',
    script: ({ neighbour }) =>
      node(
        `require("net").connect(3389, "${neighbour.address}").on("connect", () => console.log("open")).on("error", (e) => console.log(e.code)).setTimeout(5000, () => process.exit())`,
      ),
    namespace: /ECONNREFUSED/,
  },
  { tries: 'the keys of the fabric', script: ({ directory }) => `cat ${directory}/trust/fabric.key`, ...all(denied) },
  {
    tries: 'its own settings',
    script: () => 'echo evil > guest.json; echo evil > resolv.conf',
    ...all(/Permission denied|Read-only/),
  },
  {
    tries: 'to put another drive in the place of its own',
    script: () => 'mv c away || ln -sfn / c/../g',
    ...all(/Permission denied|busy|Read-only/),
  },
  {
    tries: 'the programs of the platform',
    script: ({ directory }) => `echo evil > ${directory}/programs/WaAppAgent`,
    ...all(/Permission denied|Read-only/),
  },
  {
    tries: 'a hard link to a file of a neighbour',
    script: ({ neighbour }) => `ln ${neighbour.root}/c/secret c/stolen`,
    ...all(denied),
  },
  // Processes of others.
  {
    tries: 'to end a process of a neighbour',
    script: ({ pid }) => `kill -9 ${pid}`,
    ...all(/not permitted|No such process/),
  },
  {
    tries: 'to trace a process of a neighbour',
    script: ({ pid }) => call({ x64: 101, arm64: 117 }, 16, pid, 0, 0),
    ...all(/not permitted|No such process/),
  },
  { tries: 'the environment of a neighbour', script: ({ pid }) => `cat /proc/${pid}/environ`, ...all(denied) },
  {
    tries: 'the files of a neighbour by its process',
    script: ({ pid }) => `ls /proc/${pid}/root/ /proc/${pid}/fd/`,
    ...all(denied),
  },
  { tries: 'to see processes of others', script: () => 'ls /proc | grep -c "^[0-9]"', namespace: /^\d$/ },
  { tries: 'the shared memory of others', script: () => 'ipcs -m | grep -c ^0x', namespace: /^0$/ },
  {
    tries: 'an abstract socket of a neighbour',
    script: () =>
      `perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); print connect(S, pack("Sa*", 1, "\\0reddog-escape")) ? "open" : $!'`,
    namespace: /refused/,
  },
  // Addresses and networks.
  {
    tries: 'to listen at the address of a neighbour',
    script: ({ neighbour }) =>
      node(
        `require("net").createServer().on("error", (e) => console.log(e.code)).listen(4711, "${neighbour.address}", function () { console.log("open"); this.close() })`,
      ),
    namespace: /EADDRNOTAVAIL/,
  },
  {
    tries: 'to take the address of a neighbour',
    script: ({ neighbour }) =>
      `ip address add ${neighbour.address}/32 dev eth0 2>&1 || ip address add ${neighbour.address}/32 dev lo`,
    ...all(/not permitted/),
  },
  {
    tries: 'raw sockets, to speak for a neighbour',
    script: () =>
      `perl -MSocket -e 'for ([17, 3, 768], [2, 3, 255]) { print socket(S, $$_[0], $$_[1], $$_[2]) ? "raw" : $!, "\\n" }'`,
    ...all(/^Operation not permitted\nOperation not permitted$/),
  },
  {
    tries: 'the wire server of a neighbour',
    script: ({ wirePort }) =>
      node(
        `Promise.all(["127.${fabric}.0.10", "168.63.129.16", "169.254.1.1"].map((at) => fetch("http://" + at + ":${wirePort}/?comp=versions", { signal: AbortSignal.timeout(1500) }).then((a) => a.status, () => 0))).then((s) => console.log(s.join(" ")))`,
      ),
    namespace: /^0 0 0$/,
    process: /^403 0 0$/,
  },
  {
    tries: 'the credentials of the machine at its cloud',
    script: () =>
      node(
        'require("net").connect(80, "169.254.169.254").on("connect", () => console.log("open")).on("error", (e) => console.log(e.code)).setTimeout(5000, () => process.exit())',
      ),
    namespace: /ECONNREFUSED/,
  },
  {
    tries: 'what runs the machine, past all networks',
    script: () => `perl -e 'print socket(S, 40, 1, 0) ? "open" : $!'`,
    namespace: /not permitted/,
  },
  // Rights.
  {
    tries: 'a user namespace, to be root in it',
    script: () => 'unshare --user --map-root-user id',
    namespace: /not permitted/,
  },
  {
    tries: 'the same by clone',
    script: () => call({ x64: 56, arm64: 220 }, '0x10000011', 0, 0, 0, 0),
    namespace: /not permitted/,
  },
  {
    tries: 'the same by the newer clone',
    script: () => call({ x64: 435, arm64: 435 }, 0, 0),
    namespace: /not implemented/,
  },
  {
    tries: 'the keys of whoever started the fabric',
    script: () => call({ x64: 250, arm64: 219 }, 0, -3, 0),
    namespace: /not permitted/,
  },
  {
    tries: 'a fault handler for the kernel',
    script: () => call({ x64: 323, arm64: 282 }, 1),
    namespace: /not permitted/,
  },
  {
    tries: 'programs in the kernel',
    script: () => call({ x64: 321, arm64: 280 }, 0, 0, 0),
    namespace: /not permitted/,
  },
  { tries: 'rings of the kernel', script: () => call({ x64: 425, arm64: 425 }, 8, 0), namespace: /not permitted/ },
  {
    tries: 'to mount',
    script: () => 'mount -t tmpfs none /tmp; umount /tmp',
    ...all(/permission denied|must be superuser|not permitted/),
  },
  {
    tries: 'rights of programs that are setuid',
    script: () => 'cp /bin/sh c/sh; chmod 4755 c/sh; grep NoNewPrivs /proc/self/status',
    namespace: /NoNewPrivs:\s1/,
  },
  {
    tries: 'a device file of the disk',
    script: () => 'mknod c/disk b $(stat -c "%Hd %Ld" /usr || echo 254 0)',
    ...all(/not permitted/),
  },
  {
    tries: 'devices',
    script: () =>
      'ls /dev | grep -vxE "core|fd|full|null|ptmx|pts|random|shm|stderr|stdin|stdout|tty|urandom|zero" || echo none',
    namespace: /^none$/,
  },
  {
    tries: 'the clock and the name of the machine',
    script: () => 'date -s 2020-01-01 >/dev/null; hostname evil',
    ...all(denied),
  },
  {
    tries: 'the processor before others',
    script: () => 'renice -n -5 $$; chrt -f 1 true',
    ...all(/Permission denied[^]*not permitted/),
  },
  {
    tries: 'to be spared when memory is short',
    script: () => '(echo -1000 > /proc/self/oom_score_adj) 2>&1; cat /proc/self/oom_score_adj',
    ...all(/^0$/m),
  },
  {
    tries: 'settings of the kernel',
    script: () =>
      'echo 1 > /proc/sys/vm/drop_caches; echo 0 > /proc/sys/net/ipv4/ip_forward; echo b > /proc/sysrq-trigger',
    ...all(/^(.*(Permission denied|Read-only|nonexistent).*\n?){3}$/),
  },
]

for (const { isolation, skip } of rungs)
  describe(`a hostile role in a guest of the ${isolation} driver`, {
    skip: process.getuid?.() === 0 ? skip : 'takes root, to be several accounts',
  }, () => {
    const guests = realGuests(isolation, fabric)
    const { driver } = guests
    const promised = attempts.filter((attempt) => attempt[isolation] !== undefined)
    let neighbour: GuestPlace
    let hostile: GuestPlace
    let secret: string

    before(async () => {
      await driver.open()
      guests.begin(isolation === 'process' ? 0o755 : 0o700)
      secret = join(guests.directory(), 'trust')
      mkdirSync(secret, { mode: 0o755 })
      writeFileSync(join(secret, 'fabric.key'), 'key', { mode: 0o600 })
      neighbour = await guests.make(
        1,
        `echo secret > c/secret; chmod 644 c/secret; ipcmk -M 4096 > c/shared
         mkdir -p c/ProgramData/ssh c/Config c/Certificates c/${monitor}/Logs
         for file in ProgramData/ssh/ssh_host_ed25519_key Config/environment.xml Certificates/remote.key ${monitor}/Logs/0.rows; do echo secret > c/$file; done
         ${node(`require("net").createServer().listen(3389, "${guests.place(1).address}", () => require("fs").writeFileSync("c/serves", ""))`)} &
         until [ -e c/serves ]; do sleep 0.05; done
         perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack("Sa*", 1, "\\0reddog-escape")); listen(S, 1); open F, ">c/listens"; close F; sleep 1000' &
         until [ -e c/listens ]; do sleep 0.05; done`,
      )
      const wire = await serveWire({
        containerId: neighbour.containerId,
        address: `127.${fabric}.0.10`,
        port: 0,
        isGuest: (socket) => driver.isGuest(neighbour, socket),
        desk: desk as WireDesk,
        log,
      })
      try {
        const [pid = 0] = processesOf(neighbour)
        const known = { directory: guests.directory(), neighbour, pid, wirePort: wire.port }
        const tries = promised.map(({ script }, index) => `( ${script(known)}\n) > c/tries/${index} 2>&1 < /dev/null`)
        hostile = await guests.make(2, `mkdir c/tries\n${tries.join('\n')}`)
      } finally {
        await wire.close()
      }
    })
    after(async () => {
      await guests.end()
      await driver.close()
    })

    for (const [index, { tries, [isolation]: expected }] of promised.entries())
      it(`does not get ${tries}`, () => assert.match(said(hostile, `tries/${index}`), expected as RegExp))

    it('cannot lay a tree that root follows, or cannot remove', async () => {
      const planter = await guests.make(
        3,
        `cd c; ln -s ${secret} link; ln -s ${secret}/fabric.key key; mkfifo pipe; mkdir closed; touch closed/file; chmod 0 closed
         perl -e 'mkdir "\xff"; open F, ">\xff/\xfe"; for (1 .. 1000) { mkdir "directory"; chdir "directory" or die }'; cd ..
         cp -a c/link c/pipe d; ln -s ${secret} e/resources`,
      )
      const [{ first } = assert.fail()] = guests.running().slice(-1)
      await driver.stop(planter, first.identity, 0)
      await driver.rebuild(planter, ['c', 'd', 'e', 'f'])
      for (const drive of ['c', 'd', 'e', 'f']) {
        const path = join(planter.root, drive)
        assert.deepEqual([readdirSync(path), statSync(path).uid], [[], planter.uid ?? process.getuid?.()])
      }
      assert.equal(readFileSync(join(secret, 'fabric.key'), 'utf8'), 'key')
      assert.equal(statSync(join(secret, 'fabric.key')).uid, 0)
    })

    // The process driver promises nothing of this (docs/guide/isolation.md).
    if (isolation === 'namespace')
      it('exhausts itself alone: memory, processes, descriptors, shared memory, connections', {
        skip: cgroupVersion() === undefined && 'control groups cannot be written here',
      }, async () => {
        const before = connections()
        const target = await guests.make(
          4,
          `${node('require("http").createServer((_, a) => a.end("here")).listen(80)')} &`,
          {
            open: [
              { protocol: 'tcp', first: 80, last: 80, callers: [] },
              { protocol: 'udp', first: 1000, last: 60_000, callers: ['Worker'] },
            ],
          },
        )
        const glutton = await guests.make(
          5,
          `perl -e '$x = "a" x (400 << 20)'; echo $? > c/memory
         head -c 200000000 /dev/zero > /dev/shm/all 2>/dev/null; wc -c < /dev/shm/all > c/shared; rm /dev/shm/all
         perl -e 'while ($n < 5000) { $p = fork; last unless defined $p; $p or sleep 600; $n++ } open F, ">c/processes"; print F $n' &
         until [ -s c/processes ]; do sleep 0.1; done; kill -9 -1 2>/dev/null
         perl -e 'use IO::Handle; while (open $f[@f], "<", "/dev/null") {} print scalar @f' > c/descriptors
         perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0); send(S, "x", 0, sockaddr_in($_, inet_aton("${target.address}"))) for 1000 .. 40_000'`,
          { size: { cores: 0.5, memoryMB: 128 } },
        )
        assert.equal(said(glutton, 'memory'), '137')
        assert.equal(said(glutton, 'shared'), String(64 * 1024 * 1024))
        assert.ok(Number(said(glutton, 'processes')) < 512)
        assert.ok(Number(said(glutton, 'descriptors')) > 100)
        assert.ok(connections() - before < 20_000, `${connections() - before} connections`)
        assert.equal(await get(`http://${target.address}/`), 'here')
      })
  })

describe('the filter of system calls', () => {
  it('is whole steps, and of every kind of machine that Reddog runs on', () => {
    for (const machine of ['x64', 'arm64']) assert.equal(systemCallFilter(machine).length % 8, 0)
    assert.throws(() => systemCallFilter('s390x'), /--isolation process/)
  })
})

/** How many connections the kernel remembers. */
function connections(): number {
  return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'))
}
