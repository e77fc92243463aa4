/** Results of a program for the kernel's filter of system calls. `seccomp(2)`: the action is in the upper half, the error in the lower. */
const answers = { allow: 0x7fff0000, notPermitted: 0x00050001, notImplemented: 0x00050026 } as const

/** An operation of the kernel's filter machine (`linux/bpf_common.h`). Offsets are those of `struct seccomp_data`. */
const operations = { load: 0x20, ifEqual: 0x15, ifAtLeast: 0x35, ifAnyBit: 0x45, answer: 0x06 } as const
const offsets = { call: 0, architecture: 4, firstArgument: 16 } as const

/** Calls by the part of them that is denied to guests, and their numbers on each machine (`asm/unistd_64.h`, `asm-generic/unistd.h`). */
interface Calls {
  /** `AUDIT_ARCH_…` of the machine's own programs. */
  readonly architecture: number
  /** Calls that reach across namespaces, or that any process may use and whose faults were the ways out of sandboxes. */
  readonly refused: readonly number[]
  /** Their first argument asks for a user namespace, in which a guest would have rights over what the kernel gives root only. */
  readonly newNamespaces: readonly number[]
  /** Has its arguments in memory, which no filter reads; programs then use the former call. */
  readonly newProcess: number
  readonly socket: number
}

/** Same order: add_key, request_key, keyctl; bpf, perf_event_open, userfaultfd; io_uring_setup, _enter, _register; syslog. */
const calls: Readonly<Record<string, Calls>> = {
  x64: {
    architecture: 0xc000003e,
    refused: [248, 249, 250, 321, 298, 323, 425, 426, 427, 103],
    newNamespaces: [56, 272],
    newProcess: 435,
    socket: 41,
  },
  arm64: {
    architecture: 0xc00000b7,
    refused: [217, 218, 219, 280, 241, 282, 425, 426, 427, 116],
    newNamespaces: [220, 97],
    newProcess: 435,
    socket: 198,
  },
}

/** `CLONE_NEWUSER` */
const newUserNamespace = 0x10000000

/** Families of sockets that no network namespace contains: AF_ALG, and AF_VSOCK, by which a virtual machine speaks to its host. */
const families = [38, 40] as const

/** On x64: numbers from here on are those of the x32 programs, by which the rest could be called anew. */
const x32 = 0x40000000

/**
 * The filter of system calls of a guest, as `bwrap --seccomp` takes it: an array of `struct sock_filter`. Programs of another kind than
 * the machine's own, such as those of 32 bits, are refused every call. `machine` is Node's `process.arch`. Throws an Error for one without numbers here.
 */
export function systemCallFilter(machine: string): Buffer {
  const known = calls[machine]
  if (!known) throw new Error(`Guests cannot have namespaces of their own on ${machine}: use --isolation process.`)
  const { architecture, refused, newNamespaces, newProcess, socket } = known
  return Buffer.concat([
    step(operations.load, offsets.architecture),
    step(operations.ifEqual, architecture, 1, 0),
    answer('notPermitted'),
    step(operations.load, offsets.call),
    step(operations.ifAtLeast, x32, 0, 1),
    answer('notPermitted'),
    ...refused.flatMap((call) => [step(operations.ifEqual, call, 0, 1), answer('notPermitted')]),
    step(operations.ifEqual, newProcess, 0, 1),
    answer('notImplemented'),
    ...newNamespaces.flatMap((call) =>
      withArgument(call, [step(operations.ifAnyBit, newUserNamespace, 0, 1), answer('notPermitted')]),
    ),
    ...withArgument(
      socket,
      families.flatMap((family) => [step(operations.ifEqual, family, 0, 1), answer('notPermitted')]),
    ),
    answer('allow'),
  ])
}

/** For one call the first argument is checked; what no check refuses is allowed. */
function withArgument(call: number, looks: readonly Buffer[]): readonly Buffer[] {
  const body = [step(operations.load, offsets.firstArgument), ...looks, answer('allow')]
  return [step(operations.ifEqual, call, 0, body.length), ...body]
}

function answer(kind: keyof typeof answers): Buffer {
  return step(operations.answer, answers[kind])
}

/** `ifTrue`, `ifFalse`: how many steps to pass over. */
function step(operation: number, value: number, ifTrue = 0, ifFalse = 0): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(operation, 0)
  bytes.writeUInt8(ifTrue, 2)
  bytes.writeUInt8(ifFalse, 3)
  bytes.writeUInt32LE(value, 4)
  return bytes
}
