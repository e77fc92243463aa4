/**
 * Why a package is not accepted, as one paragraph for its maker. The readers of this folder throw it; `machine/package`
 * turns it into a fault `BadRequest` (D-3 of service-management-api.md).
 */
export class Refusal extends Error {}

/** No kind of package-format.md 1 fits. */
export function notAServicePackage(found: string): Refusal {
  return new Refusal(`Not a service package: ${found}. Give a .cspkg made by reddog pack, cspack or Visual Studio.`)
}

/** A part contradicts its manifest, its schema or its ZIP; '' is the package file. `found` continues the sentence `part "x" …`. */
export function damaged(part: string, found: string): Refusal {
  const what = part === '' ? 'the file' : `part "${part}"`
  return new Refusal(`The service package is damaged: ${what} ${found}. Build or upload it again.`)
}

/** A name that could reach outside a directory, or that means another file on another system (package-format.md 1). */
export function unsafeName(name: string, found: string): Refusal {
  return new Refusal(
    `The service package is refused: the name ${JSON.stringify(name.slice(0, 200))} ${found}. ` +
      'Names inside a package are relative paths with forward slashes, each used once whatever the case.',
  )
}

/** More than a limit of `PackageLimits`; `found` and `limit` in words with their units. */
export function tooMuch(what: string, found: string, limit: string): Refusal {
  return new Refusal(
    `The service package is refused: ${what} ${found}, and the limit is ${limit}. ` +
      'Move large content to Blob storage, or raise the limit of this fabric.',
  )
}
