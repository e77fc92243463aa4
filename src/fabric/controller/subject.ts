/** What the controller decides by itself: a deployment, a host, a machine (by the key of its record), or the pool as a whole. */
export type Subject = `deployment/${string}` | `host/${string}` | `machine/${string}` | 'pool'

export function deploymentSubject(id: string): Subject {
  return `deployment/${id}`
}

export function hostSubject(name: string): Subject {
  return `host/${name}`
}

export function machineSubject(key: string): Subject {
  return `machine/${key}`
}

/** ID of the deployment, if the subject is one; else undefined. */
export function deploymentOf(subject: Subject): string | undefined {
  return subject.startsWith('deployment/') ? subject.slice('deployment/'.length) : undefined
}

/** Name of the host, if the subject is one; else undefined. */
export function hostOf(subject: Subject): string | undefined {
  return subject.startsWith('host/') ? subject.slice('host/'.length) : undefined
}

/** Key of the machine, if the subject is one; else undefined. */
export function machineOf(subject: Subject): string | undefined {
  return subject.startsWith('machine/') ? subject.slice('machine/'.length) : undefined
}
