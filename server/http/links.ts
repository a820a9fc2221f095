// Every address that this brick publishes, made from its base URL and never from a request's headers.

export interface Addresses {
  home(): string
  record(id: string): string
  collection(slug: string): string
  search(query?: Record<string, string | string[]>): string
  /** Where a picture is looked for. */
  searchByImage(): string
  /** For the operator: pictures that are here twice. */
  duplicates(): string
  viewer(manifest: string): string
  viewerFiles(): string
  oai(): string
  manifest(id: string): string
  collectionManifest(slug: string): string
  collectionManifests(): string
  imageService(image: string, version?: 2 | 3): string
  image(image: string, size: string): string
  /** What everybody may see of an image that is shown on request, named as an image. */
  preview(image: string): string
  /** The services of the IIIF Authorization Flow API. */
  iiifAuth(...path: string[]): string
  collections(): string
  /** The network, a source of it by its slug, or the pages of its operator. */
  network(...path: string[]): string
  openSearch(): string
  /** The JSON API: `records`, `records/7`, `collections` … */
  api(...path: string[]): string
  openApi(): string
  /** A file that is no picture, to be downloaded. */
  file(sha256: string, name: string): string
  sitemap(page?: number): string
  /** The IIIF Collection of all collections. */
  collectionsManifest(): string
  /** A static file; `version` changes with the content. */
  asset(version: string, name: string): string
}

export function addresses(baseUrl: string): Addresses {
  return {
    home: () => `${baseUrl}/`,
    record: (id) => `${baseUrl}/records/${encodeURIComponent(id)}`,
    collection: (slug) => `${baseUrl}/collections/${encodeURIComponent(slug)}`,
    search: (query = {}) => {
      const parameters = new URLSearchParams()
      for (const [name, value] of Object.entries(query)) {
        for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, each)
      }
      const text = parameters.toString()
      return `${baseUrl}/search${text ? `?${text}` : ''}`
    },
    searchByImage: () => `${baseUrl}/search/image`,
    duplicates: () => `${baseUrl}/search/image/duplicates`,
    viewer: (manifest) => `${baseUrl}/viewer?manifest=${encodeURIComponent(manifest)}`,
    viewerFiles: () => `${baseUrl}/viewer/`,
    oai: () => `${baseUrl}/oai`,
    manifest: (id) => `${baseUrl}/iiif/presentation/3/records/${encodeURIComponent(id)}/manifest`,
    collectionManifest: (slug) =>
      `${baseUrl}/iiif/presentation/3/collections/${encodeURIComponent(slug)}`,
    collectionManifests: () => `${baseUrl}/iiif/presentation/3/collections`,
    imageService: (image, version = 3) => `${baseUrl}/iiif/image/${version}/${image}`,
    image: (image, size) => `${baseUrl}/iiif/image/3/${image}/full/${size}/0/default.jpg`,
    preview: (image) => `${image}-preview`,
    iiifAuth: (...path) => [`${baseUrl}/iiif/auth/2`, ...path.map(encodeURIComponent)].join('/'),
    collections: () => `${baseUrl}/collections`,
    network: (...path) => [`${baseUrl}/network`, ...path.map(encodeURIComponent)].join('/'),
    api: (...path) => [`${baseUrl}/api/v1`, ...path.map(encodeURIComponent)].join('/'),
    file: (sha256, name) => `${baseUrl}/files/${sha256}/${encodeURIComponent(name)}`,
    openApi: () => `${baseUrl}/api/openapi.json`,
    sitemap: (page) => `${baseUrl}/sitemap${page === undefined ? '' : `-${page}`}.xml`,
    openSearch: () => `${baseUrl}/opensearch.xml`,
    collectionsManifest: () => `${baseUrl}/iiif/presentation/3/collections`,
    asset: (version, name) => `${baseUrl}/static/${version}/${name}`,
  }
}
