/* Of told_rules.h: the sentences of data/precautions/requirements.yaml. */
/* ARMY-1 */
T("Stop using DJI products", "Deje de usar productos de DJI")
T("{0} is in the evidence ({1} of this kind).", "{0}: está en la evidencia ({1} de este tipo).")
T("The aircraft in the evidence are of other makers, and nothing of DJI was found beside them.",
  "Las aeronaves de la evidencia son de otros fabricantes, y no se halló junto a ellas nada de DJI.")
T("The evidence names DJI products.", "La evidencia nombra productos de DJI.")
T("This evidence names no aircraft, or not its maker.",
  "Esta evidencia no nombra ninguna aeronave, o no su fabricante.")
T("Ask for the memorandum's scope and exceptions before flying.",
  "Pregunte por el alcance y las excepciones del memorando antes de volar.")
T("whole memo", "todo el memorando")
/* ARMY-2 */
T("Uninstall all DJI apps", "Desinstale todas las aplicaciones de DJI")
T("The app {0}{1} is there.", "Está instalada la aplicación {0}{1}.")
T("The package list names no app of DJI, nor one known to be DJI's under another name.",
  "La lista de paquetes no nombra ninguna aplicación de DJI, ni ninguna que conste como suya con otro nombre.")
T("An app of DJI is there.", "Hay una aplicación de DJI.")
T("No list of installed packages is among the evidence.",
  "No hay entre la evidencia ninguna lista de paquetes instalados.")
T("Uninstall the apps that the report names, and audit the package list again.",
  "Desinstale las aplicaciones que nombra el informe, y audite la lista de paquetes de nuevo.")
/* ARMY-3 */
T("Remove batteries and storage media, and secure the equipment",
  "Retire baterías y soportes de datos, y ponga a salvo el equipo")
T("{0} states that it was not done.", "{0} declara que no se hizo.")
T("By the policy's own statement, batteries and media were not removed and secured.",
  "Según declara la propia política, no se retiraron ni se pusieron a salvo baterías y soportes.")
T("No evidence of leash can show where batteries and media are.",
  "Ninguna evidencia que lea leash puede mostrar dónde están las baterías y los soportes.")
T("Keep a custody record, and name it in the policy.", "Lleve un registro de custodia, y nómbrelo en la política.")
/* NAVY-1 */
T("No removable card that can be lost with the aircraft",
  "Ninguna tarjeta extraíble que pueda perderse con la aeronave")
T("{0} state a place on a card ({1}).", "{0} indican un lugar en una tarjeta ({1}).")
T("The pictures state that they were stored in the aircraft itself.",
  "Las imágenes indican que se guardaron en la propia aeronave.")
T("The pictures state a place on a card.", "Las imágenes indican un lugar en una tarjeta.")
T("This evidence does not say where the aircraft stores its data.",
  "Esta evidencia no dice dónde guarda sus datos la aeronave.")
T("Store in the aircraft where it can, or encrypt the card.",
  "Guarde en la aeronave donde se pueda, o cifre la tarjeta.")
T("risks and mitigations", "riesgos y mitigaciones")
/* NAVY-2 */
T("Assume exposure: who listens can watch pictures and telemetry",
  "Dé por hecha la exposición: quien escucha puede ver imágenes y telemetría")
T("The aircraft's network was heard, encrypted, and neither DroneID nor clear pictures or telemetry beside it.",
  "Se oyó la red de la aeronave, cifrada, y junto a ella ni DroneID ni imágenes o telemetría en claro.")
T("Pictures, telemetry or DroneID can be read by who listens.",
  "Quien escucha puede leer imágenes, telemetría o DroneID.")
T("This evidence does not show what the aircraft sends by radio.",
  "Esta evidencia no muestra qué envía la aeronave por radio.")
T("Fly as if watched, or use a link that is encrypted, and record it by radio.",
  "Vuele como si le observaran, o use un enlace cifrado, y grábelo por radio.")
/* DOI-1 */
T("The operator can lock out all sharing of device data; nothing is uploaded or fetched automatically",
  "El operador puede cerrar todo uso compartido de datos del aparato; nada se sube ni se descarga por sí solo")
T("{0} were addressed to {1} although sharing was locked.",
  "{0} se dirigieron a {1} aunque el uso compartido estaba cerrado.")
T("which part of the capture was made with sharing locked (--label \"sharing locked\", or a phase of that name)",
  "qué parte de la captura se hizo con el uso compartido cerrado (--label \"sharing locked\", o una fase con ese "
  "nombre)")
T("With sharing locked, nothing of the drone's app was seen to leave.",
  "Con el uso compartido cerrado no se vio salir nada de la aplicación del dron.")
T("With sharing locked, data was still exchanged: {0}.",
  "Con el uso compartido cerrado aún se intercambiaron datos: {0}.")
T("This evidence does not show whether the lock holds.", "Esta evidencia no muestra si el cierre funciona.")
T("The label says that sharing was not locked.", "La etiqueta dice que el uso compartido no estaba cerrado.")
T("Lock sharing, capture the app alone from power-on until after the flight has synced, and audit it with --label "
  "\"sharing locked\".",
  "Cierre el uso compartido, capture solo la aplicación desde el encendido hasta que el vuelo se haya sincronizado, "
  "y audítelo con --label \"sharing locked\".")
T("Fly without internet, and ask the maker what the app sent to the destinations of the report while sharing was "
  "locked.",
  "Vuele sin internet, y pregunte al fabricante qué envió la aplicación a los destinos del informe mientras el uso "
  "compartido estaba cerrado.")
T("Data Management Assurance", "Garantía de la gestión de datos")
/* DOI-2 */
T("Use tested firmware and apps only, and test again at every update",
  "Use solo firmware y aplicaciones probados, y pruebe de nuevo en cada actualización")
T("The software in the evidence is, byte for byte, that of tested releases.",
  "Los programas de la evidencia son, byte por byte, los de versiones probadas.")
T("The software in the evidence is not that of a tested release.",
  "Los programas de la evidencia no son los de una versión probada.")
T("This evidence holds no software, or the policy names no tested release by its SHA-256.",
  "Esta evidencia no contiene programas, o la política no nombra ninguna versión probada por su SHA-256.")
T("Test the release, keep the case of the test, and enter its SHA-256 and day in the policy.",
  "Pruebe la versión, conserve el caso de la prueba, y anote su SHA-256 y su día en la política.")
/* DOI-3 */
T("Fly only missions that are not sensitive", "Vuele solo misiones que no sean sensibles")
T("{0} of the flight of {1} lie in {2}.", "{0} del vuelo del {1} están en {2}.")
T("No flight in the evidence crosses an area that the policy calls sensitive.",
  "Ningún vuelo de la evidencia cruza una zona que la política llame sensible.")
T("A flight in the evidence crosses a sensitive area.", "Un vuelo de la evidencia cruza una zona sensible.")
T("This evidence does not show where was flown, or the policy names no areas.",
  "Esta evidencia no muestra por dónde se voló, o la política no nombra zonas.")
T("Plan flights outside the areas, or have the mission released.",
  "Planifique los vuelos fuera de las zonas, o haga autorizar la misión.")
/* DOI-4 */
T("Ground foreign-made aircraft, and such with foreign components",
  "Deje en tierra las aeronaves de fabricación extranjera y las que tengan componentes extranjeros")
T("A flight of {0} with an aircraft of {1} ({2}), after the order; exemptions are not looked at.",
  "Un vuelo del {0} con una aeronave de {1} ({2}), después de la orden; no se miran las exenciones.")
T("The flights in this evidence are by aircraft made in, or by makers of, the US.",
  "Los vuelos de esta evidencia son de aeronaves hechas en US o de fabricantes de allí.")
T("A flight after the order was by a foreign-made aircraft.",
  "Un vuelo posterior a la orden fue de una aeronave de fabricación extranjera.")
T("This evidence does not tell which aircraft flew, or when.", "Esta evidencia no dice qué aeronave voló, o cuándo.")
T("Have the flight and any exemption checked, and enter the exemption in the policy (accepted).",
  "Haga revisar el vuelo y las posibles exenciones, y anote la exención en la política (accepted).")
T("whole order", "toda la orden")
/* INL-1 */
T("Test again for each version of firmware and app; a limited test does not exclude leakage",
  "Pruebe de nuevo con cada versión de firmware y de aplicación; una prueba limitada no excluye fugas")
T("{0}: what the test found does not hold for it.", "{0}: lo que halló la prueba no vale para ella.")
T("The versions in this evidence are tested ones, and the captures cover the flight as the policy asks.",
  "Las versiones de esta evidencia están probadas, y las capturas abarcan el vuelo como pide la política.")
T("The evidence holds a version that was not tested.", "La evidencia contiene una versión que no se probó.")
T("This evidence does not tell the versions, or does not cover the flight, or the policy names no tests.",
  "Esta evidencia no dice las versiones, o no abarca el vuelo, o la política no nombra pruebas.")
T("Repeat the test with this version, and enter it in the policy with its day.",
  "Repita la prueba con esta versión, y anótela en la política con su día.")
T("limits of the test", "límites de la prueba")
/* 848-1 */
T("No aircraft made in the People's Republic of China or by a company domiciled there",
  "Ninguna aeronave hecha en la República Popular China o por una empresa domiciliada allí")
T("The evidence names an aircraft of {0}, {1}: evidence relevant to NDAA FY2020 s.848. Exemptions and waivers are "
  "not looked at.",
  "La evidencia nombra una aeronave de {0}, {1}: evidencia relevante para NDAA FY2020 s.848. No se miran exenciones "
  "ni dispensas.")
T("The aircraft in this evidence are of makers with headquarters elsewhere.  Where they were made is not in the "
  "evidence.",
  "Las aeronaves de esta evidencia son de fabricantes con sede en otra parte. Dónde se hicieron no está en la "
  "evidencia.")
T("Evidence relevant to s.848 was found, an aircraft of a maker with headquarters in CN or made there.",
  "Se halló evidencia relevante para s.848: una aeronave de un fabricante con sede en CN o hecha allí.")
T("Have the fleet's makers and any exemption checked by your counsel.",
  "Haga revisar por su asesoría jurídica los fabricantes de la flota y las posibles exenciones.")
T("s.848 (as given on the DIU policy page)", "s.848 (según la página de la política de la DIU)")
/* 848-2 */
T("No critical component from the People's Republic of China",
  "Ningún componente crítico de la República Popular China")
T("{0} of {1} ({2}) points to CN: evidence relevant to NDAA FY2020 s.848.",
  "{0} de {1} ({2}) apunta a CN: evidencia relevante para NDAA FY2020 s.848.")
T("The critical components that this evidence lists are of makers with headquarters elsewhere.",
  "Los componentes críticos que enumera esta evidencia son de fabricantes con sede en otra parte.")
T("Evidence relevant to s.848 was found, a critical component of a maker with headquarters in CN.",
  "Se halló evidencia relevante para s.848: un componente crítico de un fabricante con sede en CN.")
T("This evidence does not list the critical components, or not their makers.",
  "Esta evidencia no enumera los componentes críticos, o no sus fabricantes.")
T("Ask for the hardware bill of materials, and have it checked by your counsel.",
  "Pida la lista de materiales del hardware, y hágala revisar por su asesoría jurídica.")
/* 848-3 */
T("No ground control system or operating software developed in the People's Republic of China",
  "Ningún sistema de control en tierra ni programa de operación desarrollado en la República Popular China")
T("The app {0}: {1}; evidence relevant to NDAA FY2020 s.848.",
  "La aplicación {0}: {1}; evidencia relevante para NDAA FY2020 s.848.")
T("The apps in this evidence are by their names and signers of makers elsewhere.",
  "Las aplicaciones de esta evidencia son, por sus nombres y firmantes, de fabricantes de otra parte.")
T("Evidence relevant to s.848 was found, software of a maker in CN.",
  "Se halló evidencia relevante para s.848: programas de un fabricante en CN.")
T("This evidence holds no app of the ground control, or does not tell who made it.",
  "Esta evidencia no contiene ninguna aplicación de control en tierra, o no dice quién la hizo.")
T("Show the apps of the report to your counsel.", "Muestre a su asesoría jurídica las aplicaciones del informe.")
/* 848-4 */
T("No network connection to, and no data storage located in or administered by, an entity domiciled in the People's "
  "Republic of China",
  "Ninguna conexión de red con una entidad domiciliada en la República Popular China, ni datos guardados en ella o "
  "administrados por ella")
T("{0} to {1}: {2} points to CN, evidence relevant to NDAA FY2020 s.848.",
  "{0} a {1}: {2} apunta a CN, evidencia relevante para NDAA FY2020 s.848.")
T("For no destination in the captures does the owner, the network or the place point to CN.",
  "En ningún destino de las capturas apunta a CN el dueño, la red o el lugar.")
T("Evidence relevant to s.848 was found: {0}.", "Se halló evidencia relevante para s.848: {0}.")
T("No connection pointing to CN was seen, but the evidence does not suffice to rely on that.",
  "No se vio ninguna conexión que apunte a CN, pero la evidencia no basta para confiar en ello.")
T("Show the destinations of the report to your counsel, and block them at the gateway until then.",
  "Muestre a su asesoría jurídica los destinos del informe, y bloquéelos en la pasarela hasta entonces.")
/* BLU-1 */
T("Verified to component level against s.848, with a cyber evaluation",
  "Verificado a nivel de componente según s.848, con una evaluación de ciberseguridad")
T("As in {0}: {1}.", "Como en {0}: {1}.")
T("By this evidence, 848-1 to 848-4 are met.  The listing itself is DIU's to give.",
  "Según esta evidencia, se cumplen de 848-1 a 848-4. La inclusión en la lista solo la da la DIU.")
T("By this evidence, one of 848-1 to 848-4 is not met.", "Según esta evidencia, una de 848-1 a 848-4 no se cumple.")
T("Not all of 848-1 to 848-4 are shown by this evidence.", "Esta evidencia no muestra todas las de 848-1 a 848-4.")
T("See 848-1 to 848-4.", "Véase de 848-1 a 848-4.")
T("policy page (diu.mil/blue-uas-policy)", "página de la política (diu.mil/blue-uas-policy)")
/* 817-1 */
T("Contractors use no covered aircraft in the performance of a contract",
  "Los contratistas no usan aeronaves afectadas al ejecutar un contrato")
T("{0} of {1} ({2}): evidence relevant to NDAA FY2023 s.817.",
  "{0} de {1} ({2}): evidencia relevante para NDAA FY2023 s.817.")
T("Neither the inventory nor the evidence names an aircraft of a covered maker.",
  "Ni el inventario ni la evidencia nombran una aeronave de un fabricante afectado.")
T("Evidence relevant to s.817 was found, an aircraft of a covered maker.",
  "Se halló evidencia relevante para s.817: una aeronave de un fabricante afectado.")
T("The fleet is not listed, or not the makers of all of it.",
  "La flota no está enumerada, o no los fabricantes de toda ella.")
T("Have the fleet and the contracts checked by your counsel.",
  "Haga revisar la flota y los contratos por su asesoría jurídica.")
/* ASDA-1 */
T("No federal purchase of covered aircraft", "Ninguna compra federal de aeronaves afectadas")
T("The inventory has an aircraft of {0} ({1}) that was acquired on {2}: evidence relevant to the American Security "
  "Drone Act.  Exemptions are not looked at.",
  "El inventario tiene una aeronave de {0} ({1}) adquirida el {2}: evidencia relevante para la American Security "
  "Drone Act. No se miran las exenciones.")
T("The inventory lists all aircraft of the evidence, and none of a covered maker that was acquired while the law is "
  "in force.",
  "El inventario enumera todas las aeronaves de la evidencia, y ninguna de un fabricante afectado adquirida con la "
  "ley en vigor.")
T("Evidence relevant to the American Security Drone Act was found, a covered aircraft acquired while it is in force.",
  "Se halló evidencia relevante para la American Security Drone Act: una aeronave afectada adquirida con la ley en "
  "vigor.")
T("The inventory does not tell who made the aircraft, or when they were acquired.",
  "El inventario no dice quién hizo las aeronaves, o cuándo se adquirieron.")
T("Have the purchases and any exemption checked by your counsel.",
  "Haga revisar las compras y las posibles exenciones por su asesoría jurídica.")
/* ASDA-2 */
T("No federal operation of covered aircraft after 22 December 2025",
  "Ninguna operación federal de aeronaves afectadas después del 22 de diciembre de 2025")
T("{0} on or after 22 December 2025 with an aircraft of {1} (headquarters: {2}), the first on {3}: evidence relevant "
  "to the American Security Drone Act.  Exemptions are not looked at.",
  "{0} el 22 de diciembre de 2025 o después con una aeronave de {1} (sede: {2}), el primero el {3}: evidencia "
  "relevante para la American Security Drone Act. No se miran las exenciones.")
T("{0} in this evidence, none of them in that time with an aircraft of such a maker.",
  "{0} en esta evidencia, ninguno de ellos en ese tiempo con una aeronave de tal fabricante.")
T("Evidence relevant to the American Security Drone Act was found.",
  "Se halló evidencia relevante para la American Security Drone Act.")
T("Have the flights and any exemption checked by your counsel.",
  "Haga revisar los vuelos y las posibles exenciones por su asesoría jurídica.")
/* ASDA-3 */
T("No federal funds spent by contractors or grantees on covered aircraft",
  "Contratistas y beneficiarios no gastan fondos federales en aeronaves afectadas")
T("A flight of {0} with an aircraft of {1} (headquarters: {2}), which the inventory pays from \"{3}\": evidence "
  "relevant to the American Security Drone Act.  Exemptions are not looked at.",
  "Un vuelo del {0} con una aeronave de {1} (sede: {2}), que el inventario paga con «{3}»: evidencia relevante para "
  "la American Security Drone Act. No se miran las exenciones.")
T("No flight in this evidence is by a covered aircraft that federal money pays for.",
  "Ningún vuelo de esta evidencia es de una aeronave afectada pagada con dinero federal.")
T("Evidence relevant to the American Security Drone Act was found, a flight that federal money pays for.",
  "Se halló evidencia relevante para la American Security Drone Act: un vuelo pagado con dinero federal.")
T("This evidence does not tell which aircraft flew, or who paid for it.",
  "Esta evidencia no dice qué aeronave voló, o quién la pagó.")
T("Have the flights and their funding checked by your counsel.",
  "Haga revisar los vuelos y su financiación por su asesoría jurídica.")
/* ASDA-4 */
T("Account for covered aircraft as personally tracked property",
  "Lleve las aeronaves afectadas como bienes con seguimiento personal")
T("The aircraft {0} of {1} {2}: evidence relevant to the American Security Drone Act.",
  "La aeronave {0} de {1} {2}: evidencia relevante para la American Security Drone Act.")
T("The covered aircraft in this evidence stand in the inventory as tracked property.",
  "Las aeronaves afectadas de esta evidencia constan en el inventario como bienes con seguimiento.")
T("Evidence relevant to the American Security Drone Act was found, a covered aircraft that is not tracked.",
  "Se halló evidencia relevante para la American Security Drone Act: una aeronave afectada sin seguimiento.")
T("This evidence names no serial number, or there is no inventory to compare it with.",
  "Esta evidencia no nombra ningún número de serie, o no hay inventario con que compararlo.")
T("Enter the serial numbers of the report as tracked property.",
  "Anote los números de serie del informe como bienes con seguimiento.")
/* 1709-1 */
T("Equipment and software of DJI, Autel and those behind them goes on the Covered List unless cleared",
  "Los equipos y programas de DJI, de Autel y de quienes están detrás entran en la Covered List si no se los exime")
T("{0}: {1}, evidence relevant to NDAA FY2025 s.1709.", "{0}: {1}, evidencia relevante para NDAA FY2025 s.1709.")
T("The aircraft in this evidence are of other makers, and no code, host or broadcast of DJI or Autel was found "
  "beside them.",
  "Las aeronaves de esta evidencia son de otros fabricantes, y no se halló junto a ellas código, servidor ni emisión "
  "de DJI o Autel.")
T("Evidence relevant to s.1709 was found, equipment or software of the makers that it names, or of those behind them.",
  "Se halló evidencia relevante para s.1709: equipos o programas de los fabricantes que nombra, o de quienes están "
  "detrás.")
T("This evidence names no aircraft, or could not be read to the end.",
  "Esta evidencia no nombra ninguna aeronave, o no se pudo leer hasta el final.")
T("Show the findings to your counsel; the FCC publishes whom it has cleared.",
  "Muestre los hallazgos a su asesoría jurídica; la FCC publica a quién ha eximido.")
/* FCC-1 */
T("Foreign-produced aircraft get no new equipment authorisation",
  "Las aeronaves de producción extranjera no reciben nueva autorización de equipo")
T("The evidence names an aircraft of {0} ({1}) whose model the inventory says was authorised on {2}: evidence "
  "relevant to FCC DA 25-1086.  Exemptions are not looked at.",
  "La evidencia nombra una aeronave de {0} ({1}) cuyo modelo, según el inventario, se autorizó el {2}: evidencia "
  "relevante para FCC DA 25-1086. No se miran las exenciones.")
T("The aircraft in this evidence were authorised before 22 December 2025, or are not foreign-produced.",
  "Las aeronaves de esta evidencia se autorizaron antes del 22 de diciembre de 2025, o no son de producción "
  "extranjera.")
T("Evidence relevant to FCC DA 25-1086 was found, a foreign-produced aircraft authorised since.",
  "Se halló evidencia relevante para FCC DA 25-1086: una aeronave de producción extranjera autorizada desde entonces.")
T("This evidence does not tell which aircraft it is, or since when its model is authorised.",
  "Esta evidencia no dice qué aeronave es, o desde cuándo está autorizado su modelo.")
T("Look the FCC identifier up, and enter the day of the authorisation in the inventory.",
  "Busque el identificador de la FCC, y anote en el inventario el día de la autorización.")
T("Covered List entry for UAS and UAS critical components",
  "Entrada de la Covered List sobre UAS y componentes críticos de UAS")
/* FCC-2 */
T("Foreign-produced critical components get no new equipment authorisation either",
  "Los componentes críticos de producción extranjera tampoco reciben nueva autorización de equipo")
T("{0} of {1} ({2}) is from {3}: evidence relevant to FCC DA 25-1086.  When it was authorised is not in the evidence.",
  "{0} de {1} ({2}) es de {3}: evidencia relevante para FCC DA 25-1086. Cuándo se autorizó no está en la evidencia.")
T("The components of the notice's classes that this evidence lists are not foreign-produced.",
  "Los componentes de las clases del aviso que enumera esta evidencia no son de producción extranjera.")
T("Evidence relevant to FCC DA 25-1086 was found, a foreign-produced component of the notice's classes.",
  "Se halló evidencia relevante para FCC DA 25-1086: un componente de producción extranjera de las clases del aviso.")
T("This evidence lists no components of the notice's classes, or not where they are from.",
  "Esta evidencia no enumera componentes de las clases del aviso, o no de dónde son.")
T("Ask the maker when and under which identifier the component was authorised.",
  "Pregunte al fabricante cuándo y con qué identificador se autorizó el componente.")
/* FCC-3 */
T("Models that were authorised before may still be used and sold",
  "Los modelos autorizados antes pueden seguir usándose y vendiéndose")
T("The model of an aircraft of {0} was authorised on {1} by the inventory, not before the notice: evidence relevant "
  "to FCC DA 25-1086.",
  "Según el inventario, el modelo de una aeronave de {0} se autorizó el {1}, no antes del aviso: evidencia relevante "
  "para FCC DA 25-1086.")
T("By the inventory, the models of all aircraft in this evidence were authorised before the notice.",
  "Según el inventario, los modelos de todas las aeronaves de esta evidencia se autorizaron antes del aviso.")
T("By the inventory, the model of an aircraft was authorised only since the notice.",
  "Según el inventario, el modelo de una aeronave se autorizó después del aviso.")
T("This evidence does not tell since when the models are authorised.",
  "Esta evidencia no dice desde cuándo están autorizados los modelos.")
/* GRN-1 */
T("Corporate hygiene, device security, remote connectivity and supply chain are assessed",
  "Se evalúan la higiene de la empresa, la seguridad del aparato, la conectividad remota y la cadena de suministro")
T("Nothing in this evidence speaks against the areas 2 to 4, and the policy names who vouches for area 1.",
  "Nada en esta evidencia habla en contra de las áreas 2 a 4, y la política nombra quién responde del área 1.")
T("Something in this evidence speaks against one of the four areas.",
  "Algo en esta evidencia habla en contra de una de las cuatro áreas.")
T("This evidence does not cover all four areas.", "Esta evidencia no abarca las cuatro áreas.")
T("Audit the app, a captured flight and the bill of materials together; the certificate itself is AUVSI's to give.",
  "Audite juntos la aplicación, un vuelo capturado y la lista de materiales; el certificado solo lo da AUVSI.")
T("assessment areas", "áreas de evaluación")
/* LDM-1 */
T("With Local Data Mode on, the app sends and receives nothing but maps",
  "Con el modo de datos locales activado, la aplicación no envía ni recibe más que mapas")
T("{0} were addressed to {1} while Local Data Mode was said to be on.",
  "{0} se dirigieron a {1} mientras se decía que estaba activado el modo de datos locales.")
T("which part of the capture was made in Local Data Mode (--label \"local data mode\", or a phase of that name)",
  "qué parte de la captura se hizo en el modo de datos locales (--label \"local data mode\", o una fase con ese "
  "nombre)")
T("In Local Data Mode nothing of the app was seen but map traffic.",
  "En el modo de datos locales no se vio de la aplicación más que tráfico de mapas.")
T("In Local Data Mode the app still exchanged data: {0}.",
  "En el modo de datos locales la aplicación aún intercambió datos: {0}.")
T("This evidence does not show whether the claim holds.", "Esta evidencia no muestra si la afirmación se cumple.")
T("The label says that the mode was off.", "La etiqueta dice que el modo estaba desactivado.")
T("Switch the mode on, capture the app alone from power-on until after the flight has synced, and audit it with "
  "--label \"local data mode\".",
  "Active el modo, capture solo la aplicación desde el encendido hasta que el vuelo se haya sincronizado, y audítelo "
  "con --label \"local data mode\".")
T("Do not rely on the mode, fly without internet, and ask the maker what the app sent to the destinations of the report.",
  "No confíe en el modo, vuele sin internet, y pregunte al fabricante qué envió la aplicación a los destinos del "
  "informe.")
T("what the mode promises", "lo que el modo promete")
/* LDM-2 */
T("In Local Data Mode flight logs stay on the aircraft and in the app",
  "En el modo de datos locales los registros de vuelo se quedan en la aeronave y en la aplicación")
T("{0} of a flight in Local Data Mode, but no flight log, were found where the logs are claimed to stay.",
  "Se hallaron {0} de un vuelo en el modo de datos locales, pero ningún registro de vuelo, donde se afirma que los "
  "registros se quedan.")
T("which flights were made in Local Data Mode (--label \"local data mode\")",
  "qué vuelos se hicieron en el modo de datos locales (--label \"local data mode\")")
T("Flight logs of flights in Local Data Mode are stored, as the claim says.  They hold the path and are not covered "
  "by the mode.",
  "Los registros de vuelos en el modo de datos locales están guardados, como se afirma. Contienen la ruta y el modo "
  "no los abarca.")
T("No flight log was found where the claim says that logs stay.",
  "No se halló ningún registro de vuelo donde se afirma que los registros se quedan.")
T("This evidence holds no flight log made in Local Data Mode.",
  "Esta evidencia no contiene ningún registro de vuelo hecho en el modo de datos locales.")
T("Copy the log folders of the app and the aircraft after a flight in the mode.",
  "Copie las carpetas de registros de la aplicación y de la aeronave tras un vuelo en el modo.")
T("what the mode does not cover", "lo que el modo no abarca")
/* LDM-3 */
T("Turning Local Data Mode on needs no internet", "Activar el modo de datos locales no necesita internet")
T("{0} was addressed at the moment of the switch ({1} in all).",
  "Se contactó con {0} en el momento de activarlo ({1} en total).")
T("At the moment of the switch nothing of the app was seen to leave.",
  "En el momento de activarlo no se vio salir nada de la aplicación.")
T("At the moment of the switch the app exchanged data: {0}.",
  "En el momento de activarlo la aplicación intercambió datos: {0}.")
T("This evidence does not show the moment of the switch.", "Esta evidencia no muestra el momento de la activación.")
T("Capture the app alone while you switch the mode on, and name the time with --phase \"switch=FROM..TO\".",
  "Capture solo la aplicación mientras activa el modo, y nombre la hora con --phase \"switch=FROM..TO\".")
T("Switch the mode on without internet, and ask the maker what the app sent to the destinations of the report.",
  "Active el modo sin internet, y pregunte al fabricante qué envió la aplicación a los destinos del informe.")
T("switching the mode on", "activación del modo")
