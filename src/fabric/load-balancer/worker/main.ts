/**
 * A LoadBalancerWorker process: it also accepts on the balancer's sockets, by the table that the balancer sends. It knows nothing else: no
 * controller, no keys, no files. Its only argument is its WorkerOptions, as JSON.
 */
import { openProxy } from '../../../machine/load-balancer/proxy/plane.ts'
import { runWorker } from '../../../machine/load-balancer/workers/run-worker.ts'
import type { WorkerOptions } from '../../../machine/load-balancer/workers/words.ts'
import { nameThisProcess } from '../../../machine/process.ts'
import { guardOf } from '../access.ts'
import { chooseMember } from '../distribution.ts'

const options = JSON.parse(process.argv[2] ?? '') as WorkerOptions
nameThisProcess('LoadBalancerWorker')
runWorker((rest) => openProxy({ ...options, ...rest, choose: chooseMember, makeGuard: guardOf }))
