import type { EtcdReply, Gateway } from './gateway.ts'

/** A member of etcd, as etcd knows it. */
export interface KnownMember {
  /** 64 bits, decimal. */
  readonly id: string
  /** Empty until it has started for the first time. */
  readonly name: string
  /** Where the other members reach it. */
  readonly memberUrls: readonly string[]
  /** Where clients reach it; none until it has started. */
  readonly clientUrls: readonly string[]
  /** It is given all that is stored, and has no vote: it hinders no quorum. */
  readonly isLearner: boolean
}

interface Member {
  readonly ID: string
  readonly name?: string
  readonly peerURLs?: readonly string[]
  readonly clientURLs?: readonly string[]
  readonly isLearner?: boolean
}

/** For one change of the members, in milliseconds. Origin: choice, above etcd's own limit of 7 s. */
const changeLimitMs = 10_000

/** All members. No answer without a quorum. */
export async function listMembers(gateway: Gateway): Promise<EtcdReply<readonly KnownMember[]>> {
  return told(await ask(gateway, 'list', {}))
}

/**
 * Adds a learner, by the URL at which the others will reach it; the answer is all members. When it is among them already, nothing changes. Refused
 * while there is another learner.
 */
export async function addLearner(gateway: Gateway, memberUrl: string): Promise<EtcdReply<readonly KnownMember[]>> {
  const before = await listMembers(gateway)
  if (!before.ok || before.value.some(({ memberUrls }) => memberUrls.includes(memberUrl))) return before
  return told(await ask(gateway, 'add', { peerURLs: [memberUrl], isLearner: true }))
}

/** Gives a learner its vote; a member that has one keeps it. Refused until it has all that is stored: ask again. */
export async function promoteMember(gateway: Gateway, id: string): Promise<EtcdReply<readonly KnownMember[]>> {
  const before = await listMembers(gateway)
  if (before.ok && before.value.some((member) => member.id === id && !member.isLearner)) return before
  return told(await ask(gateway, 'promote', { ID: id }))
}

/**
 * Removes a member; its process ends by itself and never comes back. One that is gone already is no error. Not done, to be asked again, while the
 * others would be no quorum, or have been connected for less than 5 s.
 */
export async function removeMember(gateway: Gateway, id: string): Promise<EtcdReply<readonly KnownMember[]>> {
  const before = await listMembers(gateway)
  if (before.ok && !before.value.some((member) => member.id === id)) return before
  return told(await ask(gateway, 'remove', { ID: id }))
}

function ask(gateway: Gateway, what: string, body: object) {
  return gateway.ask<{ readonly members?: readonly Member[] }>(`/v3/cluster/member/${what}`, body, changeLimitMs)
}

function told(reply: EtcdReply<{ readonly members?: readonly Member[] }>): EtcdReply<readonly KnownMember[]> {
  if (!reply.ok) return reply
  const members = reply.value.members ?? []
  return {
    ok: true,
    value: members.map(({ ID, name = '', peerURLs = [], clientURLs = [], isLearner = false }) => ({
      id: ID,
      name,
      memberUrls: peerURLs,
      clientUrls: clientURLs,
      isLearner,
    })),
  }
}
