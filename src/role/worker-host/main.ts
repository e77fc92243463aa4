/** WaWorkerHost: the standard host process of a worker role whose entry point is a Node module (F-20). */
import { runEntryPoint } from './run-entry-point.ts'

await runEntryPoint('WaWorkerHost')
