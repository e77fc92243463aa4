import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { EffectOf, Outcome } from '../action.ts'
import type { EtcdMembers, EtcdMemberView } from '../facilities.ts'

/** A learner for a machine; the one that it has already, when the answer was lost before. */
export async function addMember(
  members: EtcdMembers | undefined,
  { name, peerUrl }: EffectOf<'addMember'>,
): Promise<Outcome> {
  const result = await tried(members, async (etcd) => {
    const before = await etcd.list()
    const all = before.some(isAt(peerUrl)) ? before : await etcd.addLearner(peerUrl)
    const own = all.find(isAt(peerUrl))
    if (!own) throw new Error(`etcd has added ${peerUrl} and does not list it`)
    const others = all.filter((one) => one !== own && one.name !== '')
    const named = [...others.flatMap((one) => one.peerUrls.map((url) => `${one.name}=${url}`)), `${name}=${peerUrl}`]
    return { member: own.id, initialCluster: named.join(',') }
  })
  return { kind: 'memberAdded', result }
}

/** One that is a voter already stays one. */
export async function promoteMember(
  members: EtcdMembers | undefined,
  { member }: EffectOf<'promoteMember'>,
): Promise<Outcome> {
  const result = await tried(members, async (etcd) => {
    const found = (await etcd.list()).find(({ id }) => id === member)
    if (!found) throw new Error('etcd has no such member any more')
    if (found.isLearner) await etcd.promote(member)
  })
  return { kind: 'memberChanged', result }
}

/** One that is gone already was removed. */
export async function removeMember(
  members: EtcdMembers | undefined,
  { member, peerUrl }: EffectOf<'removeMember'>,
): Promise<Outcome> {
  const result = await tried(members, async (etcd) => {
    const found = (await etcd.list()).find((one) => one.id === member || isAt(peerUrl)(one))
    if (found) await etcd.remove(found.id)
  })
  return { kind: 'memberChanged', result }
}

function isAt(peerUrl: string): (member: EtcdMemberView) => boolean {
  return ({ peerUrls }) => peerUrls.includes(peerUrl)
}

async function tried<Value>(
  members: EtcdMembers | undefined,
  ask: (etcd: EtcdMembers) => Promise<Value>,
): Promise<Result<Value>> {
  try {
    if (!members) throw new Error('the store of this fabric has no members')
    return fine(await ask(members))
  } catch (error) {
    return refused('ServerBusy', `etcd does not change its members now: ${(error as Error).message}`)
  }
}
