/** `reddog`: every verb that talks to a fabric, through its public API alone (F-3). */
import { ownVerbs } from '../../machine/building/own-verbs.ts'
import { readPublishSettings } from '../../machine/certificates/publish-settings.ts'
import { examinePackage } from '../../machine/package/examine-package.ts'
import { layOver } from '../../machine/package/lay-over.ts'
import { pack as packSources } from '../../machine/package/pack.ts'
import { temporaryDirectory } from '../../machine/temporary-directory.ts'
import { endWithReader } from './closed-pipe.ts'
import { endsAt } from './ends-at.ts'
import { run } from './run.ts'
import { certAdd, certDelete, certList } from './verbs/cert.ts'
import { config } from './verbs/config.ts'
import { deploy } from './verbs/deploy.ts'
import { deleteDeployment, resume, suspend } from './verbs/deployment.ts'
import { doctor } from './verbs/doctor.ts'
import { events } from './verbs/events.ts'
import { hostBrake, hostClear, hostDrain, hostList, hostRemove } from './verbs/host.ts'
import { hostToken } from './verbs/host-token.ts'
import { instanceDelete, instanceReboot, instanceRebuild, instanceReimage } from './verbs/instance.ts'
import { logs } from './verbs/logs.ts'
import { pack } from './verbs/pack.ts'
import { portal } from './verbs/portal.ts'
import { rollback } from './verbs/rollback.ts'
import { scale } from './verbs/scale.ts'
import { serviceCreate, serviceDelete, serviceList, serviceShow } from './verbs/service.ts'
import { status } from './verbs/status.ts'
import { swap } from './verbs/swap.ts'
import { upgrade } from './verbs/upgrade.ts'
import { versionVerb } from './verbs/version.ts'
import { walk } from './verbs/walk.ts'

endWithReader([process.stdout, process.stderr])
const interrupted = new AbortController()
process.once('SIGINT', () => {
  interrupted.abort()
  endsAt(['SIGINT'])
})
endsAt(['SIGTERM', 'SIGHUP'])

process.exitCode = await run(process.argv.slice(2), {
  ownVerbs,
  verbs: [
    pack,
    doctor,
    serviceCreate,
    serviceList,
    serviceShow,
    serviceDelete,
    deploy,
    upgrade,
    walk,
    rollback,
    swap,
    config,
    scale,
    suspend,
    resume,
    deleteDeployment,
    status,
    events,
    logs,
    instanceReboot,
    instanceReimage,
    instanceRebuild,
    instanceDelete,
    certAdd,
    certList,
    certDelete,
    hostList,
    hostDrain,
    hostBrake,
    hostToken,
    hostRemove,
    hostClear,
    portal,
    versionVerb,
  ],
  pack: packSources,
  layOver,
  examine: examinePackage,
  temporaryDirectory,
  readPublishSettings,
  signal: interrupted.signal,
})
