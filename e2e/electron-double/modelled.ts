/**
 * The double's own limits: a member that it does not model throws by name, and is never undefined. Only
 * therefore can a partial object stand for the whole of Electron's type.
 */

/** Members that languages and runtimes look for in any object by themselves. */
const everyObject: ReadonlySet<PropertyKey> = new Set(['then', 'toJSON', 'constructor', 'inspect', 'asymmetricMatch'])

/**
 * An object that throws when a member is read or set that it has not.
 *
 * @param name as in the error, e.g. `app`
 */
export function modelled<Whole extends object>(name: string, members: Partial<Whole>): Whole {
  const missing = (key: PropertyKey) =>
    new Error(`the Electron double does not model ${name}.${String(key)}: add it to e2e/electron-double`)
  const isKnown = (target: object, key: PropertyKey) => key in target || typeof key === 'symbol' || everyObject.has(key)
  return new Proxy(members, {
    get: (target, key, receiver) => {
      if (!isKnown(target, key)) throw missing(key)
      return Reflect.get(target, key, receiver)
    },
    set: (target, key, value) => {
      if (!isKnown(target, key)) throw missing(key)
      return Reflect.set(target, key, value)
    }
  }) as Whole
}

/**
 * A class of which a new object is whatever `make` gives.
 *
 * @param members its static members
 */
export function modelledClass<Class extends abstract new (...args: never[]) => object>(
  name: string,
  make: (...args: ConstructorParameters<Class>) => InstanceType<Class>,
  members: Partial<Class>
): Class {
  // A function and not an arrow: only such a one can be called with new.
  function constructed(...args: ConstructorParameters<Class>): InstanceType<Class> {
    return make(...args)
  }
  constructed.prototype = modelled(`${name}.prototype`, {})
  return modelled<Class>(name, Object.assign(constructed, members) as Partial<Class>)
}
