/** Ports of a machine's own address, where the others reach it (docs/decisions/several-machines.md). */

export const etcdClientPort = 2379
export const etcdMemberPort = 2380

/** Of the FabricController; the same on a fabric of one machine, on its own address of loopback. */
export const controllerPort = 9443

/** Of the HostAgent: it says when it last heard a master. */
export const witnessPort = 9444

/** UDP; of roads over routers: machines take each other's wrapped packets there. Not 4789, where overlays of Docker are. */
export const roadsPort = 9447

/** Of the BlobGate on candidates: the way to their Blob service. */
export const blobGatePort = 9446
