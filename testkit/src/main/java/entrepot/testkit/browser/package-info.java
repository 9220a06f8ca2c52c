/**
 * A real browser for tests: Chromium, driven over its DevTools protocol with nothing but the JDK.
 * Begin with {@link entrepot.testkit.browser.Browser}.
 */
@NullMarked
package entrepot.testkit.browser;

import org.jspecify.annotations.NullMarked;
