import { textOfBase64 } from '../../../../front-end/contract/base64.ts'
import type { Deployment } from '../../../../front-end/contract/wire/deployment.ts'
import { standingCounts } from './instance-counts.ts'

/** What a form was opened on: those traits of a slot that others may change while it is filled in. */
export interface Standing {
  /** '' when the slot is empty. */
  readonly deployment: string
  readonly id: string
  readonly label: string
  /** The .cscfg in force; '' when nothing was read yet. */
  readonly configuration: string
  readonly isUpdated: boolean
  readonly isSuspended: boolean
  /** `Web 2, Worker 1`. */
  readonly instances: string
}

export function standingOf(answer: Deployment | undefined): Standing {
  if (!answer)
    return {
      deployment: '',
      id: '',
      label: '',
      configuration: '',
      isUpdated: false,
      isSuspended: false,
      instances: '',
    }
  const roles = answer.roleInstances.map(({ roleName }) => ({ role: roleName }))
  return {
    deployment: answer.name,
    id: answer.privateId,
    label: textOfBase64(answer.label) ?? '',
    configuration: textOfBase64(answer.configuration ?? '') ?? '',
    isUpdated: answer.upgradeStatus !== undefined,
    isSuspended: answer.status.startsWith('Suspend'),
    instances: [...standingCounts(roles)].map(([role, count]) => `${role} ${count}`).join(', '),
  }
}

export type StandingChange =
  | { readonly what: 'filled' | 'emptied' | 'replaced'; readonly after: string }
  | { readonly what: 'label' | 'instances'; readonly before: string; readonly after: string }
  | {
      readonly what: 'configuration' | 'updateBegan' | 'updateEnded' | 'suspended' | 'resumed'
    }

/** What others have done to the slot since the form was opened. Another deployment in it says all that there is to say. */
export function changesSince(opened: Standing, now: Standing): readonly StandingChange[] {
  if (opened.id !== now.id) {
    if (now.id === '') return [{ what: 'emptied', after: '' }]
    return [{ what: opened.id === '' ? 'filled' : 'replaced', after: now.deployment }]
  }
  const changes: StandingChange[] = []
  if (opened.label !== now.label) changes.push({ what: 'label', before: opened.label, after: now.label })
  if (opened.isUpdated !== now.isUpdated) changes.push({ what: now.isUpdated ? 'updateBegan' : 'updateEnded' })
  if (opened.isSuspended !== now.isSuspended) changes.push({ what: now.isSuspended ? 'suspended' : 'resumed' })
  if (opened.instances !== now.instances)
    changes.push({ what: 'instances', before: opened.instances, after: now.instances })
  // A deployment whose package has just been read has its first configuration, which nobody has changed.
  if (opened.configuration !== now.configuration && opened.configuration !== '') changes.push({ what: 'configuration' })
  return changes
}
