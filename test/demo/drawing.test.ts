import assert from 'node:assert/strict'
import { canWrite, measure, write } from '../../demo/hand.ts'
import { randomFrom, seedOf } from '../../demo/random.ts'
import { chartScenes, posterScenes, scenes, type Scene } from '../../demo/scenes/all.ts'
import { Sheet, type Technique } from '../../demo/sheet.ts'

const everyScene = { ...scenes, ...posterScenes, ...chartScenes }

function draw(scene: Scene, seed: number, age: number, technique: Technique): string {
  const sheet = new Sheet({ seed, width: 1600, height: 1200, age, technique })
  scene(sheet)
  return sheet.svg()
}

describe('demo: drawing', () => {
  it('has at least 24 scenes for children', () => {
    assert.ok(Object.keys(scenes).length >= 24, `${Object.keys(scenes).length} scenes`)
  })

  for (const [name, scene] of Object.entries(everyScene)) {
    it(`draws ${name} the same way from the same seed, without a font`, () => {
      const svg = draw(scene, 11, 8, 'felt')
      assert.equal(draw(scene, 11, 8, 'felt'), svg)
      assert.ok((svg.match(/<path|<rect|<circle/g) ?? []).length > 20, 'nearly nothing was drawn')
      assert.doesNotMatch(svg, /<text|font-family|NaN|undefined|Infinity/)
    })
  }

  it('draws differently from another seed, at another age and with another tool', () => {
    const { windowRainbow } = scenes
    assert.ok(windowRainbow)
    const versions = [
      draw(windowRainbow, 1, 8, 'felt'),
      draw(windowRainbow, 2, 8, 'felt'),
      draw(windowRainbow, 1, 5, 'felt'),
      draw(windowRainbow, 1, 8, 'wash'),
    ]
    assert.equal(new Set(versions).size, versions.length)
  })
})

describe('demo: handwriting', () => {
  it('has every letter, accent and sign that French asks for', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
    assert.ok(canWrite(`${letters}àâçéèêëîïôûùœÀÂÇÉÈÊËÎÏÔÛÙŒ’!?.,:-—«»#&+/()\u00a0\u202f`))
    assert.ok(!canWrite('漢'))
  })

  it('puts the strokes where it was asked to, within the measured width', () => {
    const how = { size: 100 }
    const strokes = write(50, 400, 'Ça, c’était où ?', how, randomFrom(1))
    const xs = strokes.flatMap(({ points }) => points.map(([x]) => x))
    const ys = strokes.flatMap(({ points }) => points.map(([, y]) => y))
    assert.ok(Math.min(...xs) >= 45 && Math.max(...xs) <= 55 + measure('Ça, c’était où ?', how))
    assert.ok(Math.min(...ys) >= 250 && Math.max(...ys) <= 440)
  })

  it('draws an accent above its letter', () => {
    const plain = write(0, 100, 'e', { size: 50 }, randomFrom(1))
    const acute = write(0, 100, 'é', { size: 50 }, randomFrom(1))
    assert.equal(acute.length, plain.length + 1)
    const top = Math.min(...plain.flatMap(({ points }) => points.map(([, y]) => y)))
    assert.ok((acute.at(-1)?.points ?? []).every(([, y]) => y < top))
  })

  it('gives a name its own seed', () => {
    assert.equal(seedOf('Lina'), seedOf('Lina'))
    assert.notEqual(seedOf('Lina'), seedOf('Noé'))
  })
})
