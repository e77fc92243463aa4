import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { EffectOf, Outcome } from '../action.ts'
import type { EtcdMember, EtcdMembers, MembersReply } from '../facilities.ts'

/** A learner for a machine; the one that it has already, when the answer was lost before. */
export async function addMember(
  members: EtcdMembers | undefined,
  { name, memberUrl }: EffectOf<'addMember'>,
): Promise<Outcome> {
  const all = resultOf(await members?.addLearner(memberUrl))
  if (!all.ok) return { kind: 'memberAdded', result: all }
  const others = all.value.filter((one) => one.name !== '' && !isAt(memberUrl)(one))
  const urls = others.flatMap((one) => one.memberUrls.map((url) => `${one.name}=${url}`))
  const initialCluster = [...urls, `${name}=${memberUrl}`].join(',')
  const member = all.value.find(isAt(memberUrl))?.id ?? ''
  return { kind: 'memberAdded', result: fine({ member, initialCluster }) }
}

export async function promoteMember(
  members: EtcdMembers | undefined,
  { member }: EffectOf<'promoteMember'>,
): Promise<Outcome> {
  return changed(await members?.promote(member))
}

/** The member by its ID, or, when that was never heard, by its address. */
export async function removeMember(
  members: EtcdMembers | undefined,
  { member, memberUrl }: EffectOf<'removeMember'>,
): Promise<Outcome> {
  if (member !== '') return changed(await members?.remove(member))
  const all = await members?.list()
  const found = all?.ok ? all.value.find(isAt(memberUrl)) : undefined
  return changed(found ? await members?.remove(found.id) : all)
}

function isAt(memberUrl: string): (member: EtcdMember) => boolean {
  return ({ memberUrls }) => memberUrls.includes(memberUrl)
}

function changed(reply: MembersReply | undefined): Outcome {
  const result = resultOf(reply)
  return { kind: 'memberChanged', result: result.ok ? fine(undefined) : result }
}

function resultOf(reply: MembersReply | undefined): Result<readonly EtcdMember[]> {
  if (reply?.ok) return fine(reply.value)
  const reason = reply?.reason ?? 'the store of this fabric has no members.'
  return refused('ServerBusy', `etcd does not change its members now. ${reason}`)
}
