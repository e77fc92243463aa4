/** The goal state document (wire-server.md 5). */
export interface GoalState {
  readonly incarnation: number
  readonly machine: 'Started' | 'Stopped'
  readonly stopRolesDeadlineHintMs: number
  readonly probePort: number
  /** Program of the guest agent to run, and its incarnation (wire-server.md 14.4). */
  readonly agentPackage?: { readonly path: string; readonly incarnation: string } | undefined
  readonly containerId: string
  /** Undefined while the container is being set up. */
  readonly roleInstance?: GoalRoleInstance | undefined
}

export interface GoalRoleInstance {
  /** `<deployment ID>.<instance ID>` */
  readonly instanceId: string
  readonly state: 'Started' | 'Stopped'
  /** URLs, absolute, built from the request's Host header. */
  readonly hostingEnvironmentConfig: string
  readonly sharedConfig: string
  readonly extensionsConfig: string
  readonly fullConfig: string
  readonly certificates?: string | undefined
  readonly configName: string
}
