import { choice, collection, duration, flag, section, text, whole } from '../schema.ts'

/** Files that stand for a directory (I-27, I-61). */
export const defaultDocument = section(
  { enabled: flag(true) },
  { files: collection({}, { schema: section({ value: text() }), key: ['value'], first: true }) },
)

export const directoryBrowse = section({
  enabled: flag(false),
  showFlags: text('Date, Time, Size, Extension'),
  virtualDirectoryTimeout: duration(5_000),
})

/** Types of static files, and how clients may cache them (I-34, I-61). */
export const staticContent = collection(
  { defaultDocFooter: text(''), isDocFooterFileName: flag(false), enableDocFooter: flag(false) },
  {
    item: 'mimeMap',
    schema: section({ fileExtension: text(), mimeType: text() }),
    key: ['fileExtension'],
  },
  {
    clientCache: section({
      cacheControlMode: choice(['NoControl', 'DisableCache', 'UseMaxAge', 'UseExpires'], 'NoControl'),
      cacheControlMaxAge: duration(86_400_000),
      httpExpires: text(''),
      cacheControlCustom: text(''),
      setEtag: flag(true),
    }),
  },
)

export const urlCompression = section({
  doStaticCompression: flag(true),
  doDynamicCompression: flag(false),
  dynamicCompressionBeforeCache: flag(false),
})

const mimeTypes = collection({}, { schema: section({ mimeType: text(), enabled: flag(true) }), key: ['mimeType'] })

export const httpCompression = collection(
  {
    directory: text(''),
    cacheControlHeader: text('max-age=86400'),
    doDiskSpaceLimiting: flag(true),
    doDynamicCompression: flag(true),
    doStaticCompression: flag(true),
    dynamicCompressionDisableCpuUsage: whole(0, 100, 90),
    dynamicCompressionEnableCpuUsage: whole(0, 100, 50),
    dynamicCompressionBufferLimit: whole(0, 1_048_576, 65_536),
    expiresHeader: text(''),
    maxDiskSpaceUsage: whole(0, 2 ** 31, 100),
    minFileSizeForComp: whole(0, 2 ** 31, 2_700),
    noCompressionForHttp10: flag(true),
    noCompressionForProxies: flag(true),
    noCompressionForRange: flag(true),
    sendCacheHeaders: flag(false),
    staticCompressionDisableCpuUsage: whole(0, 100, 100),
    staticCompressionEnableCpuUsage: whole(0, 100, 80),
    staticCompressionIgnoreHitFrequency: flag(false),
  },
  {
    item: 'scheme',
    schema: section({
      name: text(),
      dll: text(''),
      doStaticCompression: flag(true),
      doDynamicCompression: flag(true),
      dynamicCompressionLevel: whole(0, 11, 0),
      staticCompressionLevel: whole(0, 11, 7),
    }),
    key: ['name'],
  },
  { dynamicTypes: mimeTypes, staticTypes: mimeTypes },
)
