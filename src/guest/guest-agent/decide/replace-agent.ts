import type { Question } from '../action.ts'

/** Another guest agent is wanted: once the role is down this one makes way, and WaAppAgent installs the new one (F-11, H-24). */
export const replaceAgent: Question = ({ goal, stack, agentIncarnation, retryReplaceAt }, now) => {
  const wanted = goal?.agentPackage
  if (!wanted || wanted.incarnation === agentIncarnation || stack.kind !== 'down') return { actions: [] }
  if (now < retryReplaceAt) return { actions: [], wakeAt: retryReplaceAt }
  const reason = `Guest agent ${wanted.incarnation} is wanted, ${agentIncarnation} runs.`
  return { actions: [{ kind: 'replaceAgent', key: 'replaceAgent', reason, ...wanted }] }
}
