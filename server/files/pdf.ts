// The pages of a PDF, drawn by PDFium in WebAssembly: it reaches no file and no network, and has no JavaScript engine, so that
// scripts in a document are bytes like others. Each page gets an instance of its own, which is thrown away after it.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Level } from './entities.ts'
import { mostPages, tooManyPages, Unfit, type Picture } from './picture.ts'

// What a page of print is read at, where no picture on it is finer; within what a drawing gets.
const dotsPerInch = 200
const pointsPerInch = 72
const longestSide = 4096
const mostPixels = 12_000_000
/** A document stands in memory as a whole. */
const mostBytes = 600 * 2 ** 20

const [annotations, reversedBytes] = [0x01, 0x10]
const fourChannels = 4
const imageObject = 3
const mostObjects = 10_000
const white = 0xffffffff
/** Longer than FPDF_FORMFILLINFO of version 2. */
const formInfoLength = 256

/** What is asked of PDFium: https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/fpdfview.h */
interface Engine {
  HEAPU8: Uint8Array
  HEAPU32: Uint32Array
  HEAPF32: Float32Array
  wasmExports: { malloc(size: number): number }
  _FPDF_InitLibraryWithConfig(config: object): void
  _FPDF_LoadMemDocument(at: number, size: number, password: number): number
  _FPDF_GetLastError(): number
  _FPDF_GetPageCount(document: number): number
  _FPDF_GetPageSizeByIndexF(document: number, index: number, size: number): number
  _FPDF_LoadPage(document: number, index: number): number
  _FPDF_GetPageWidthF(page: number): number
  _FPDF_GetPageHeightF(page: number): number
  _FPDFPage_CountObjects(page: number): number
  _FPDFPage_GetObject(page: number, nth: number): number
  _FPDFPageObj_GetType(object: number): number
  _FPDFPageObj_GetBounds(object: number, ...places: [number, number, number, number]): number
  _FPDFImageObj_GetImagePixelSize(object: number, width: number, height: number): number
  _FPDFDOC_InitFormFillEnvironment(document: number, info: number): number
  _FORM_OnAfterLoadPage(page: number, form: number): void
  _FPDFBitmap_CreateEx(
    width: number,
    height: number,
    format: number,
    at: number,
    stride: number,
  ): number
  _FPDFBitmap_FillRect(
    bitmap: number,
    left: number,
    top: number,
    width: number,
    height: number,
    colour: number,
  ): void
  _FPDFBitmap_GetBuffer(bitmap: number): number
  _FPDF_RenderPageBitmap(bitmap: number, page: number, ...place: Place): void
  _FPDF_FFLDraw(form: number, bitmap: number, page: number, ...place: Place): void
}

type Place = [
  left: number,
  top: number,
  width: number,
  height: number,
  turned: number,
  flags: number,
]

// As much of it as is used: the types of Node leave it to those of browsers.
declare const WebAssembly: {
  Module: new (bytes: Buffer) => object
  Instance: new (program: object, imports: object) => { exports: object }
}

let program: object | undefined

async function start(): Promise<Engine> {
  const compiled = (program ??= new WebAssembly.Module(
    readFileSync(fileURLToPath(import.meta.resolve('@hyzyla/pdfium/pdfium.wasm'))),
  ))
  // Not before there is a PDF: pictures do without.
  const { PDFiumModule } = await import('@hyzyla/pdfium')
  const engine: unknown = await PDFiumModule({
    instantiateWasm(imports: object, done: (instance: object) => void) {
      const instance = new WebAssembly.Instance(compiled, imports)
      done(instance)
      return instance.exports
    },
  })
  ;(engine as Engine)._FPDF_InitLibraryWithConfig({})
  return engine as Engine
}

interface Document {
  engine: Engine
  document: number
}

async function openDocument(path: string): Promise<Document> {
  const engine = await start()
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > mostBytes) {
      throw new Unfit(
        `is a PDF of ${Math.round(size / 2 ** 20)} MB, more than the ${mostBytes / 2 ** 20} MB of which pages are drawn: deliver it in parts`,
      )
    }
    const at = engine.wasmExports.malloc(size)
    if (!at) throw new Unfit('takes more memory to read than there is: deliver it in parts')
    for (let read = 0; read < size;) {
      const more = readSync(file, engine.HEAPU8, at + read, size - read, read)
      if (more === 0) throw new Unfit('changed while it was read: retry when nothing writes to it')
      read += more
    }
    const document = engine._FPDF_LoadMemDocument(at, size, 0)
    if (!document) throw new Unfit(refusals[engine._FPDF_GetLastError()] ?? damaged)
    return { engine, document }
  } finally {
    closeSync(file)
  }
}

const damaged = 'is a PDF that is damaged or cut short: take it from its origin again and retry'
const locked =
  'is a PDF that asks for a password: save it without one (in a PDF reader, print it to a new PDF) and retry'
/** By FPDF_GetLastError: a password, and a way of locking that PDFium does not know. */
const refusals: Record<number, string> = { 4: locked, 5: locked }

/**
 * Its pages, and how large they are where nothing on them is finer than print: nothing is drawn yet.
 * @throws Unfit
 */
export async function pagesOfPdf(path: string): Promise<Picture[]> {
  const { engine, document } = await openDocument(path)
  const count = engine._FPDF_GetPageCount(document)
  if (count < 1) throw new Unfit('is a PDF without pages: take it from its origin again and retry')
  if (count > mostPages) throw new Unfit(tooManyPages(count))
  const at = engine.wasmExports.malloc(8)
  return Array.from({ length: count }, (_, index) => {
    if (!engine._FPDF_GetPageSizeByIndexF(document, index, at)) throw undrawn(index)
    const [width = 0, height = 0] = engine.HEAPF32.subarray(at / 4, at / 4 + 2)
    if (!(width > 0 && height > 0 && width * height < Infinity)) throw undrawn(index)
    return { ...drawnSize(width, height), at: index }
  })
}

const undrawn = (index: number): Unfit =>
  new Unfit(
    `is a PDF of which page ${index + 1} cannot be drawn: save it again (in a PDF reader, print it to a new PDF) and retry`,
  )

/** In pixels, of a page in points. */
function drawnSize(width: number, height: number, fineness = dotsPerInch): Level {
  const scale = Math.min(
    fineness / pointsPerInch,
    longestSide / Math.max(width, height),
    Math.sqrt(mostPixels / (width * height)),
  )
  const pixels = (points: number): number => Math.max(1, Math.round(points * scale))
  return { width: pixels(width), height: pixels(height) }
}

/** A scan is drawn as fine as it is: the dots an inch of the finest picture that goes across or down half the page. */
function finenessOf(engine: Engine, page: number, across: number, down: number): number {
  const at = engine.wasmExports.malloc(24)
  const counted = Math.min(engine._FPDFPage_CountObjects(page), mostObjects)
  let finest = dotsPerInch
  for (let nth = 0; nth < counted; nth++) {
    const object = engine._FPDFPage_GetObject(page, nth)
    if (engine._FPDFPageObj_GetType(object) !== imageObject) continue
    if (!engine._FPDFImageObj_GetImagePixelSize(object, at, at + 4)) continue
    if (!engine._FPDFPageObj_GetBounds(object, at + 8, at + 12, at + 16, at + 20)) continue
    const [width = 0, height = 0] = engine.HEAPU32.subarray(at / 4)
    const [left = 0, bottom = 0, right = 0, top = 0] = engine.HEAPF32.subarray(at / 4 + 2)
    const points = (right - left) * (top - bottom)
    const isLarge = (right - left) * 2 >= across || (top - bottom) * 2 >= down
    if (!isLarge || !(points > 0)) continue
    finest = Math.max(finest, pointsPerInch * Math.sqrt((width * height) / points))
  }
  return finest
}

/**
 * A page as it is printed, with what is written into its forms and drawn on it, on white.
 * @returns four bytes a pixel
 * @throws Unfit
 */
export async function drawPage(
  path: string,
  { at: index = 0 }: Picture,
): Promise<Level & { pixels: Buffer }> {
  const { engine, document } = await openDocument(path)
  const page = engine._FPDF_LoadPage(document, index)
  if (!page) throw undrawn(index)
  const [across, down] = [engine._FPDF_GetPageWidthF(page), engine._FPDF_GetPageHeightF(page)]
  const { width, height } = drawnSize(across, down, finenessOf(engine, page, across, down))
  const bitmap = engine._FPDFBitmap_CreateEx(width, height, fourChannels, 0, 0)
  if (!bitmap) throw undrawn(index)
  engine._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white)
  const place = [0, 0, width, height, 0] as const
  engine._FPDF_RenderPageBitmap(bitmap, page, ...place, annotations | reversedBytes)
  const form = engine._FPDFDOC_InitFormFillEnvironment(document, formInfo(engine))
  if (form) {
    engine._FORM_OnAfterLoadPage(page, form)
    engine._FPDF_FFLDraw(form, bitmap, page, ...place, reversedBytes)
  }
  const start = engine._FPDFBitmap_GetBuffer(bitmap)
  const pixels = Buffer.from(engine.HEAPU8.subarray(start, start + width * height * 4))
  return { pixels, width, height }
}

/** That forms are shown, and nothing is to be called. */
function formInfo({ wasmExports, HEAPU8 }: Engine): number {
  const at = wasmExports.malloc(formInfoLength)
  HEAPU8.fill(0, at, at + formInfoLength)
  HEAPU8[at] = 2
  return at
}
